//! What people are told about a live system, and that it is AI.

use std::collections::BTreeSet;

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOutputType, AiSystemTransparencyCase as Told};
use vouch_record::kind::generated::user_information::{
    UserInformation, UserInformationAudience as Audience, UserInformationCover as Topic, UserInformationMarking as Marking,
    UserInformationNoticeChannel as Channel,
};

use crate::check::information::{approved, of};
use crate::check::touched::{TOUCHES, touches_people};
use crate::check::wording::words;
use crate::derived::acceptance;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// What the texts for users and people affected cover together.
const TOPICS: [Topic; 10] = [
    Topic::AiInvolved,
    Topic::Purpose,
    Topic::NotFor,
    Topic::HowToUse,
    Topic::HowToOverride,
    Topic::Limits,
    Topic::Performance,
    Topic::Oversight,
    Topic::Contact,
    Topic::ReportHarm,
];

/// A.8.2-D1
pub(super) fn topics_are_told(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &TOUCHES, || {
            let users: Vec<Entry<'_>> = approved(system, Audience::User).collect();
            let affected: Vec<Entry<'_>> = approved(system, Audience::AffectedPerson).collect();
            let lapse = |topic: String| Lapse::of(system).value("topic", topic);
            if let Some(text) = users.iter().chain(&affected).find(|text| text.value("covers").is_erased()) {
                return Judgement::Undecided(format!("`covers` of {} was erased", text.id()));
            }
            let mut lapses = Vec::new();
            if users.is_empty() {
                lapses.push(lapse("anything: no text for users is approved".to_owned()));
            }
            if affected.is_empty() && touches_people(system) {
                lapses.push(lapse("anything where they are affected: no text for them is approved".to_owned()));
            }
            let texts: Vec<Entry<'_>> = users.into_iter().chain(affected).collect();
            if !texts.is_empty() {
                let told: BTreeSet<Topic> = texts.iter().flat_map(|text| UserInformation(text.content()).covers()).collect();
                lapses.extend(TOPICS.into_iter().filter(|topic| !told.contains(topic)).map(|topic| lapse(words(topic.id()))));
            }
            if lapses.is_empty() {
                return Judgement::Shown(std::iter::once(system).chain(texts).map(|entry| entry.subject()).collect());
            }
            Judgement::FailAll(lapses)
        })
    })
}

/// A.8.2-D2
pub(super) fn people_know_that_it_is_ai(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["transparency_cases", "outputs"], || {
            let (makes, talks) = (makes_content(system), talks(system));
            if !makes && !talks {
                return Judgement::Skip("it makes no content and talks with nobody".to_owned());
            }
            let texts: Vec<Entry<'_>> = of(system).filter(Entry::is_settled).collect();
            let erased =
                |text: &&Entry<'_>| ["marking", "notice_channels", "waiver"].iter().any(|field| text.value(field).is_erased());
            if let Some(text) = texts.iter().find(erased) {
                return Judgement::Undecided(format!("the notice of {} was erased", text.id()));
            }
            let waived = texts.iter().any(|text| is_waived(*text));
            let marked = !makes || texts.iter().any(|text| is_marked(*text));
            let noticed = texts.iter().any(|text| is_noticed(*text, talks));
            match waived || (marked && noticed) {
                true => Judgement::Shown(texts.iter().map(Entry::subject).collect()),
                false => Judgement::Fail(Lapse::of(system)),
            }
        })
    })
}

fn makes_content(system: Entry<'_>) -> bool {
    let content = AiSystem(system.content());
    content.transparency_cases().has_any(&[Told::MakesContent, Told::DeepFake, Told::PublicText])
        || content.outputs().any(|row| row.type_() == Some(AiSystemOutputType::Content))
}

fn talks(system: Entry<'_>) -> bool {
    AiSystem(system.content()).transparency_cases().has(Told::TalksToPeople)
}

/// Content is marked, for a reader or for software.
fn is_marked(text: Entry<'_>) -> bool {
    UserInformation(text.content()).marking().get().is_some_and(|marking| marking != Marking::NotGenerated)
}

/// People are told in some way; that nobody interacts with it is no way where it talks with people.
fn is_noticed(text: Entry<'_>, talks: bool) -> bool {
    UserInformation(text.content()).notice_channels().any(|channel| match channel {
        Channel::None | Channel::Waived => false,
        Channel::NotInteracting => !talks,
        _ => true,
    })
}

/// The notice is waived, and the acceptance behind that is in force.
fn is_waived(text: Entry<'_>) -> bool {
    let content = UserInformation(text.content());
    content.notice_channels().has(Channel::Waived) && text.linked("waiver").is_some_and(acceptance::in_force)
}
