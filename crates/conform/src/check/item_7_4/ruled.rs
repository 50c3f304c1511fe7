//! The rules of communication: what they cover, and who may speak outside by them.

use jiff::civil::Date;
use vouch_record::kind::generated::communication::{
    Communication, CommunicationForm, CommunicationSide, CommunicationTopic, CommunicationTrigger,
};
use vouch_record::kind::generated::role::{Role, RoleAuthorityDecision};

use crate::check::holder::held;
use crate::check::wording::{called, words};
use crate::derived::communication::{in_force, rule};
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// What rules have to cover.
const TOPICS: [CommunicationTopic; 5] = [
    CommunicationTopic::Policy,
    CommunicationTopic::SystemChange,
    CommunicationTopic::Incident,
    CommunicationTopic::Obligation,
    CommunicationTopic::Rights,
];

/// The rules in force.
pub(super) fn rules(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Communication::KIND).filter(|one| in_force(*one))
}

/// The external messages that were sent in a period.
pub(super) fn sent_outside(view: &View, period: Window) -> impl Iterator<Item = Entry<'_>> {
    view.all(Communication::KIND).filter(move |one| {
        let content = Communication(one.content());
        let message = content.form().is(CommunicationForm::Message) && content.side().is(CommunicationSide::External);
        message && sent_on(*one).is_some_and(|on| period.has(on))
    })
}

/// The day on which a message was sent.
pub(super) fn sent_on(message: Entry<'_>) -> Option<Date> {
    Communication(message.content()).sent_at().get().map(|at| message.view().day(at))
}

/// 7.4-D1
pub(super) fn rules_say_who_tells_whom(view: &View) -> Verdicts {
    let whole: Vec<Entry<'_>> = rules(view).filter(|rule| is_whole(*rule)).collect();
    let topics = TOPICS.into_iter().filter(|topic| !whole.iter().any(|rule| Communication(rule.content()).topic().is(*topic)));
    let sides = [CommunicationSide::Internal, CommunicationSide::External];
    let sides = sides.into_iter().filter(|side| !whole.iter().any(|rule| Communication(rule.content()).side().is(*side)));
    let missing: Vec<String> =
        topics.map(|topic| words(topic.id())).chain(sides.map(|side| format!("anything {}", words(side.id())))).collect();
    if missing.is_empty() {
        return Verdicts { passed: whole.iter().map(|rule| rule.subject()).collect(), ..Verdicts::default() };
    }
    Verdicts::failed(Lapse::of_organisation().value("topics", missing.join(", ")))
}

/// Whether a rule says to whom, when, how and by whom.
fn is_whole(rule: Entry<'_>) -> bool {
    let content = Communication(rule.content());
    let to = content.audience().next().is_some() || content.roles().next().is_some();
    let when = match content.trigger().get() {
        Some(CommunicationTrigger::Event) => content.event().is_filled() && content.within().is_filled(),
        Some(CommunicationTrigger::Date) => content.every().is_filled(),
        Some(CommunicationTrigger::Request) => true,
        None => false,
    };
    to && when && content.channel().is_filled() && content.speaker().is_filled()
}

/// 7.4-D2
pub(super) fn who_speaks_outside_may(view: &View) -> Verdicts {
    let outside = rules(view).filter(|rule| Communication(rule.content()).side().is(CommunicationSide::External));
    each(outside, |rule| {
        Judgement::needing(rule, &["approver", "speaker"], || {
            let approver = rule.linked("approver").filter(|role| role.is("approved") && !holders_on(*role).is_empty());
            let speaker = rule.linked("speaker");
            let may = speaker.is_some_and(|role| {
                Role(role.content()).authority().any(|row| row.decision() == Some(RoleAuthorityDecision::SpeakOutside))
            });
            Judgement::when(approver.is_some() && may, || {
                let role = speaker.map_or_else(|| "nobody".to_owned(), |role| role.label());
                Lapse::of(rule).value("rule", rule.label()).value("role", role)
            })
        })
    })
}

/// 7.4-O3
pub(super) fn outside_messages_follow_rules(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(sent_outside(view, window), |message| {
        Judgement::needing(message, &["rule", "sent_by"], || {
            let content = Communication(message.content());
            let on = sent_on(message).unwrap_or(window.to);
            let stood = rule(message).and_then(|rule| rule.on(on)).filter(|rule| in_force(*rule));
            let by = content.sent_by().get().map(|link| link.id);
            let lapse = |person: String| Lapse::of(message).value("message", message.label()).value("person", person);
            let machine = content.sent_by_machine().get();
            let may = stood.is_some_and(|rule| match by {
                Some(by) => rule.linked("speaker").is_some_and(|role| held(role, by, on)),
                None => machine.is_some() && rule.linked("speaker").is_some(),
            });
            let who = || {
                by.map_or_else(
                    || machine.map_or_else(|| "nobody".to_owned(), |name| format!("the machine {name}")),
                    |by| called(view, Some(by)),
                )
            };
            let unruled = if stood.is_none() { " without a rule in force" } else { "" };
            Judgement::when(may, || lapse(format!("{}{unruled}", who())))
        })
    })
}
