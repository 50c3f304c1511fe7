//! A mapping guessed from the names of the columns.
