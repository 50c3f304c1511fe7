//! What every engine must do. An engine passes when each case does; [`contract_tests`](crate::contract_tests) makes a test of each.
//!
//! A case panics where the engine differs. Cases know nothing of an engine beyond [`Place`].

#![allow(clippy::unwrap_used, missing_docs, reason = "a case is a test: it fails by panicking and its name says what it holds")]

pub mod copy;
pub mod derived;
pub mod erasure;
pub mod file;
pub mod log;
pub mod record;
pub mod server;
pub mod story;
pub mod unit;

use std::sync::Arc;

use vouch_ledger::Hash;

use crate::{Result, Signer, Store};

/// Somewhere that a store lives, empty at first.
pub trait Place {
    /// Opens the store. Nothing else has it open.
    ///
    /// # Errors
    /// What the engine says.
    fn open(&self, signer: Arc<dyn Signer>) -> Result<Arc<dyn Store>>;

    /// Whether what was written is there when the store is opened again.
    fn outlives_the_store(&self) -> bool;

    /// Every byte that the engine keeps outside the process; nothing where it keeps none.
    fn bytes(&self) -> Vec<u8>;

    /// Whether bytes of a removed file are gone with the commit, and not only after a scrub.
    fn removes_at_once(&self) -> bool {
        true
    }

    /// Changes one byte of a kept file; false where nothing outside the process holds it.
    fn damage(&self, file: &Hash) -> bool;
}

/// Lets a store answer before what it wrote is synced. A torture that looks for lost writes must find some then.
pub fn weaken(store: &crate::Sqlite) {
    store.weaken().unwrap();
}

/// Hands each case of the contract to a macro.
#[macro_export]
macro_rules! contract_cases {
    ($with:ident $given:tt) => {
        $crate::$with! { $given
            log::an_empty_store_has_the_head_of_an_empty_log,
            log::leaves_come_back_as_written,
            log::a_page_of_leaves_is_bounded_in_rows_and_bytes,
            log::tiles_prove_every_leaf_under_every_checkpoint,
            log::a_leaf_that_does_not_belong_is_refused,
            log::every_commit_with_leaves_keeps_a_signed_checkpoint,
            log::a_commit_that_cannot_be_signed_leaves_nothing,
            log::a_signer_sees_what_is_about_to_be_committed,
            log::everything_is_there_after_opening_again,
            unit::a_refused_unit_leaves_nothing_and_others_go_through,
            unit::a_unit_that_goes_on_after_a_failed_write_leaves_nothing,
            unit::a_unit_that_panics_leaves_nothing,
            unit::a_unit_reads_what_it_wrote,
            unit::many_callers_share_a_commit,
            unit::a_listener_hears_of_commits_before_callers_and_of_what_is_void,
            unit::a_listener_that_panics_stops_the_store,
            unit::the_store_cannot_be_called_by_what_it_runs,
            unit::a_snapshot_does_not_change,
            unit::a_unit_with_a_result_gives_it,
            record::records_come_in_the_order_of_their_numbers,
            record::a_projection_is_replaced_and_dropped,
            record::numbers_are_never_given_twice,
            record::links_are_asked_both_ways,
            record::links_need_a_projection,
            record::search_finds_by_all_words_and_the_beginning_of_the_last,
            record::search_takes_whatever_is_typed_as_words,
            record::desk_entries_are_kept_apart_and_scanned_in_order,
            file::a_file_comes_back_by_its_hash,
            file::files_are_listed_in_the_order_of_their_hashes,
            file::a_damaged_file_is_an_error_that_names_it,
            file::a_removed_file_is_gone_and_can_come_again,
            file::a_file_of_a_refused_unit_is_not_kept,
            file::a_file_of_another_store_is_refused,
            erasure::removed_bodies_cannot_be_read_or_found,
            erasure::no_byte_of_what_was_removed_remains_after_a_scrub,
            copy::a_transfer_keeps_every_byte_and_checkpoint,
            copy::a_transfer_into_a_log_that_was_begun_is_refused,
            derived::a_rebuild_gives_what_was_there,
            derived::a_projector_that_refuses_changes_nothing,
        }
    };
}

/// Makes a test of each case of the contract. The expression gives a new [`Place`].
#[macro_export]
macro_rules! contract_tests {
    ($place:expr) => {
        $crate::contract_cases! { each_as_test ($place) }
    };
}

/// A test for each case.
#[macro_export]
macro_rules! each_as_test {
    (($place:expr) $($group:ident::$case:ident),* $(,)?) => {
        $(
            #[test]
            fn $case() {
                $crate::contract::$group::$case(&$place);
            }
        )*
    };
}

/// A list of all cases.
#[macro_export]
macro_rules! each_in_list {
    (() $($group:ident::$case:ident),* $(,)?) => {
        &[$((stringify!($case), $crate::contract::$group::$case)),*]
    };
}

/// A case: it panics where a store at the place breaks the contract.
pub type Case = fn(&dyn Place);

/// All cases by name, for places that are costly to make.
pub const CASES: &[(&str, Case)] = contract_cases! { each_in_list () };
