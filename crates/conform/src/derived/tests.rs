//! Tests over all derived values.
