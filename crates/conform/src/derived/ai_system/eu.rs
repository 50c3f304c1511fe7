//! What follows from the questions behind the classification under Regulation (EU) 2024/1689.

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemEuAnswerAnswer, AiSystemEuAnswerQuestion, AiSystemEuTier};

use crate::view::Entry;

/// Tiers that follow from `eu_answers`; none while nothing is answered.
///
/// Unclear counts as the answer that brings the duty: as yes where a yes does (territory, prohibited, Annex I and III, profiling,
/// transparency, general purpose), as no where a yes releases (exempt, exception). Without a row for a question nothing follows from
/// it; territory and definition are taken as yes then. The exception of article 6 (3) does not reach profiling.
#[must_use]
pub fn eu_tiers_by_answers(entry: Entry<'_>) -> Vec<AiSystemEuTier> {
    let answers: Vec<_> = AiSystem(entry.content()).eu_answers().filter_map(|row| Some((row.question()?, row.answer()?))).collect();
    if answers.is_empty() { Vec::new() } else { follow(&answers) }
}

fn follow(answers: &[(AiSystemEuAnswerQuestion, AiSystemEuAnswerAnswer)]) -> Vec<AiSystemEuTier> {
    use AiSystemEuAnswerAnswer as Answer;
    use AiSystemEuAnswerQuestion as Question;
    let answer = |question| answers.iter().find(|(asked, _)| *asked == question).map(|(_, answer)| *answer);
    let brings = |question| matches!(answer(question), Some(Answer::Yes | Answer::Unclear));
    let releases = |question| answer(question) == Some(Answer::Yes);
    let outside = |question| matches!(answer(question), Some(Answer::No | Answer::NotRelevant));
    if outside(Question::Territory) || outside(Question::Definition) || releases(Question::Exempt) {
        return vec![AiSystemEuTier::Outside];
    }
    let excepted = releases(Question::Exception) && !brings(Question::Profiling);
    let mut tiers = Vec::new();
    let mut add = |holds: bool, tier| {
        if holds {
            tiers.push(tier);
        }
    };
    add(brings(Question::Prohibited), AiSystemEuTier::Prohibited);
    add(brings(Question::AnnexIii) && !excepted, AiSystemEuTier::HighRiskAnnexIii);
    add(brings(Question::AnnexI), AiSystemEuTier::HighRiskAnnexI);
    add(brings(Question::Transparency), AiSystemEuTier::Transparency);
    add(brings(Question::Gpai), AiSystemEuTier::Gpai);
    if tiers.is_empty() {
        tiers.push(AiSystemEuTier::Minimal);
    }
    tiers
}

#[cfg(test)]
mod tests {
    use super::*;
    use AiSystemEuAnswerAnswer::{No, NotRelevant, Unclear, Yes};
    use AiSystemEuAnswerQuestion as Question;
    use AiSystemEuTier as Tier;

    fn check(answers: &[(Question, AiSystemEuAnswerAnswer)], expected: &[Tier]) {
        assert_eq!(follow(answers), expected, "{answers:?}");
    }

    #[test]
    fn unclear_counts_as_the_answer_that_brings_the_duty() {
        check(&[(Question::Territory, No)], &[Tier::Outside]);
        check(&[(Question::Territory, Unclear)], &[Tier::Minimal]);
        check(&[(Question::Definition, NotRelevant)], &[Tier::Outside]);
        check(&[(Question::Exempt, Unclear), (Question::Prohibited, Unclear)], &[Tier::Prohibited]);
        check(&[(Question::Exempt, Yes), (Question::Prohibited, Yes)], &[Tier::Outside]);
        check(&[(Question::AnnexIii, Yes), (Question::Exception, Yes)], &[Tier::Minimal]);
        check(&[(Question::AnnexIii, Yes), (Question::Exception, Yes), (Question::Profiling, Unclear)], &[Tier::HighRiskAnnexIii]);
        check(&[(Question::AnnexIii, Yes), (Question::Exception, Unclear)], &[Tier::HighRiskAnnexIii]);
        check(&[(Question::AnnexI, Unclear), (Question::Transparency, Yes)], &[Tier::HighRiskAnnexI, Tier::Transparency]);
    }
}
