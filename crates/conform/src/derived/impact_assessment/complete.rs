//! What an assessment leaves open.

use vouch_record::condition::Truth;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentConsultationHow, ImpactAssessmentContributorView, ImpactAssessmentDepth,
    ImpactAssessmentFactAbout, ImpactAssessmentGroupVulnerable, ImpactAssessmentScreeningQuestion, ImpactAssessmentSocietyField,
};

use crate::view::{Asker, Entry};

/// Fields that its depth asks for and that are empty: those whose condition in the kind's file speaks about the depth and holds.
#[must_use]
pub fn missing(entry: Entry<'_>) -> Vec<&str> {
    let asker = Asker::new(entry.view(), None);
    let by_depth = entry.kind().fields.iter().filter_map(|field| Some((field, field.needed_when.as_ref()?)));
    by_depth
        .filter(|(_, needed)| needed.names().iter().any(|name| name == "depth"))
        .filter(|(field, needed)| !entry.value(&field.name).is_filled() && needed.holds(entry.id(), &asker) != Truth::No)
        .map(|(field, _)| field.name.as_str())
        .collect()
}

/// Screening questions without a row.
#[must_use]
pub fn unasked(entry: Entry<'_>) -> Vec<ImpactAssessmentScreeningQuestion> {
    let asked: Vec<_> = ImpactAssessment(entry.content()).screening().filter_map(|row| row.question()).collect();
    ImpactAssessmentScreeningQuestion::ALL.into_iter().filter(|question| !asked.contains(question)).collect()
}

/// What the depth asks for (description and purpose for a screening, all from standard depth on) without a facts row that names a record
/// or a gap.
#[must_use]
pub fn facts_missing(entry: Entry<'_>) -> Vec<ImpactAssessmentFactAbout> {
    use ImpactAssessmentFactAbout::{Description, Purpose};
    let assessment = ImpactAssessment(entry.content());
    let told: Vec<_> =
        assessment.facts().filter(|row| row.record().is_some() || row.gap().is_some()).filter_map(|row| row.about()).collect();
    let screening = assessment.depth().is(ImpactAssessmentDepth::Screening);
    let asked = ImpactAssessmentFactAbout::ALL.into_iter().filter(|about| !screening || [Description, Purpose].contains(about));
    asked.filter(|about| !told.contains(about)).collect()
}

/// Fields of society without a row.
#[must_use]
pub fn society_open(entry: Entry<'_>) -> Vec<ImpactAssessmentSocietyField> {
    let looked: Vec<_> = ImpactAssessment(entry.content()).society().filter_map(|row| row.field()).collect();
    ImpactAssessmentSocietyField::ALL.into_iter().filter(|field| !looked.contains(field)).collect()
}

/// The different views of its contributors.
#[must_use]
pub fn views(entry: Entry<'_>) -> Vec<ImpactAssessmentContributorView> {
    let mut views: Vec<_> = ImpactAssessment(entry.content()).contributors().filter_map(|row| row.view()).collect();
    views.sort_unstable();
    views.dedup();
    views
}

/// Codes of groups that are vulnerable, or partly so, and that no consultation names other than one with nobody asked.
#[must_use]
pub fn unconsulted(entry: Entry<'_>) -> Vec<String> {
    let assessment = ImpactAssessment(entry.content());
    let asked = assessment.consultations().filter(|row| row.how() != Some(ImpactAssessmentConsultationHow::None));
    let heard: Vec<&str> = asked.filter_map(|row| row.group()).collect();
    let groups = assessment.groups();
    let weak = groups.filter(|row| {
        matches!(row.vulnerable(), Some(ImpactAssessmentGroupVulnerable::Partly | ImpactAssessmentGroupVulnerable::Yes))
    });
    let unheard = weak.filter(|row| {
        let names = [row.code(), row.group()];
        !names.into_iter().flatten().any(|name| heard.contains(&name))
    });
    unheard.filter_map(|row| row.code().or(row.group())).map(str::to_owned).collect()
}

/// Codes that hang in the air: group codes of impacts and impact codes of measures and left_because that no row defines, codes that two
/// rows define, and measures without an impact (by their own code).
#[must_use]
pub fn loose_codes(entry: Entry<'_>) -> Vec<String> {
    let assessment = ImpactAssessment(entry.content());
    let groups: Vec<&str> = assessment.groups().filter_map(|row| row.code()).collect();
    let impacts: Vec<&str> = assessment.impacts().filter_map(|row| row.code()).collect();
    let measures: Vec<&str> = assessment.measures().filter_map(|row| row.code()).collect();
    let mut loose: Vec<&str> = Vec::new();
    loose.extend(assessment.impacts().filter_map(|row| row.group()).filter(|code| !groups.contains(code)));
    let named =
        assessment.measures().filter_map(|row| row.impact()).chain(assessment.left_because().filter_map(|row| row.impact()));
    loose.extend(named.filter(|code| !impacts.contains(code)));
    loose.extend(
        assessment.measures().filter(|row| row.impact().is_none()).map(|row| row.code().or(row.measure()).unwrap_or_default()),
    );
    for codes in [&groups, &impacts, &measures] {
        loose.extend(codes.iter().enumerate().filter(|(at, code)| codes[..*at].contains(*code)).map(|(_, code)| *code));
    }
    loose.sort_unstable();
    loose.dedup();
    loose.into_iter().map(str::to_owned).collect()
}
