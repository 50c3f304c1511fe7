use super::duties::DUTIES;

#[test]
fn every_duty_names_a_kind_states_and_fields_that_exist() {
    let kinds = vouch_testkit::kinds();
    for duty in DUTIES {
        let kind = kinds.get(duty.kind).unwrap_or_else(|| panic!("{}", duty.kind));
        for state in duty.states {
            assert!(kind.state_rank(state).is_some(), "{} {state}", duty.kind);
        }
        for field in [duty.who, duty.due].into_iter().filter(|field| !field.is_empty()) {
            let first = field.split('.').next().unwrap();
            assert!(kind.field(first).is_some(), "{} {field}", duty.kind);
        }
    }
}
