//! What the documents say, heading by heading, in the agency's words.

/// The text of a document: one paragraph per heading of its template.
pub(super) struct Text {
    template: &'static str,
    paragraphs: &'static [(&'static str, &'static str)],
}

impl Text {
    /// The text for a template; an empty one where none is written.
    pub(super) fn of(template: &str) -> &'static Self {
        const NONE: Text = Text { template: "", paragraphs: &[] };
        TEXTS.iter().find(|text| text.template == template).unwrap_or(&NONE)
    }

    /// As Markdown.
    pub(super) fn body(&self) -> String {
        self.paragraphs.iter().map(|(heading, paragraph)| format!("## {heading}\n\n{paragraph}\n")).collect::<Vec<_>>().join("\n")
    }
}

/// Code, name, owner role, inputs, outputs, what it feeds, kinds of record, rhythm and items of each process.
pub(super) type Process = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

pub(super) const PROCESSES: &[Process] = &[
    (
        "inventory",
        "Inventory and scope",
        "aims_lead",
        "requests, imports, feeds",
        "registered systems, scope",
        "risk, impact",
        "ai-system",
        "",
        &["4.3", "4.4"],
    ),
    (
        "risk",
        "Risk assessment and treatment",
        "risk_owner",
        "systems, incidents, changes",
        "decided risks, treatments",
        "controls, review",
        "risk",
        "P6M",
        &["6.1.2", "6.1.3", "8.2"],
    ),
    (
        "impact",
        "Impact assessment",
        "impact_assessor",
        "systems, consultations",
        "signed assessments, measures",
        "risk, operation",
        "impact-assessment",
        "P6M",
        &["6.1.4", "8.4"],
    ),
    (
        "controls",
        "Controls and statement",
        "aims_lead",
        "risks, obligations",
        "statement of applicability",
        "operation, audit",
        "control-applicability",
        "P1Y",
        &["6.1.3"],
    ),
    (
        "operation",
        "Life cycle and operation",
        "operations_lead",
        "specifications, tests, plans",
        "releases, measurements",
        "measuring, incident",
        "test",
        "P6M",
        &["8.1"],
    ),
    (
        "incident",
        "Incidents and concerns",
        "incident_lead",
        "reports, alarms",
        "resolved incidents, causes",
        "improvement, risk",
        "incident, concern",
        "",
        &["10.2"],
    ),
    (
        "documents",
        "Documents and records",
        "document_controller",
        "drafts, reviews",
        "documents in force",
        "controls",
        "document",
        "P1Y",
        &["7.5.3"],
    ),
    (
        "measuring",
        "Measuring and analysis",
        "aims_lead",
        "measurements",
        "conclusions",
        "review",
        "measurement, evidence",
        "P2M",
        &["9.1"],
    ),
    (
        "audit",
        "Internal audit",
        "compliance_lead",
        "programme, samples",
        "findings",
        "improvement, review",
        "audit, audit-programme",
        "P1Y",
        &["9.2.1"],
    ),
    (
        "review",
        "Management review",
        "top_management",
        "results of all others",
        "decisions",
        "improvement, inventory",
        "management-review",
        "P1Y",
        &["9.3.1"],
    ),
    (
        "improvement",
        "Corrective action and improvement",
        "aims_lead",
        "findings, causes",
        "verified actions",
        "inventory",
        "nonconformity, corrective-action",
        "",
        &["10.2"],
    ),
];

const TEXTS: &[Text] = &[
    Text {
        template: "T-AI-POLICY",
        paragraphs: &[
            (
                "Purpose and scope",
                "This policy holds for all AI that the agency builds, buys or uses, and for everybody who works with it. AI serves safety, lawful travel and trade, and fair service.",
            ),
            (
                "Principles",
                "People decide. AI is used where it helps them to decide sooner and better, where its limits are known, and where somebody can stop it.",
            ),
            (
                "Commitments",
                "We meet the law and the agreements that bind us, respect rights, treat people alike, protect their data, are open about what we use, and improve the management system each year.",
            ),
            (
                "Frame for objectives",
                "Each year the Deputy Secretary sets objectives that can be measured for rights, safety, fairness and quality of AI.",
            ),
            (
                "Roles and exceptions",
                "Each system has one owner. The AIMS lead keeps the management system and reports to the Deputy Secretary. The AI Governance Board grants exceptions for a limited time.",
            ),
            (
                "Prohibited and restricted uses",
                "AI does not decide alone about liberty, benefits or status. Recognising people by face, voice or gait needs the board's consent beforehand.",
            ),
            (
                "Related policies",
                "Information security, privacy, procurement, records and civil rights hold beside this policy; where they differ, the stricter rule counts.",
            ),
            (
                "Consequences and reporting",
                "Who sees a breach tells the AIMS lead or uses the concern channel, which takes names only from those who give them. Breaches have consequences under the rules of service.",
            ),
            (
                "Approval and review",
                "The Deputy Secretary approves this policy. It is looked at once a year and after a change of law or a serious incident.",
            ),
        ],
    },
    Text {
        template: "T-RISK-PROC",
        paragraphs: &[
            (
                "Purpose and references",
                "Says how risks of AI are found, scored, decided and treated; it goes with the AI policy and the risk method.",
            ),
            (
                "Triggers and timing",
                "A new system, a significant change, a serious incident, new data or a new supplier model starts an assessment within thirty days; without any of these, every twelve months.",
            ),
            (
                "Roles",
                "Assessors score, owners decide, the board accepts what lies above the limit, and the AIMS lead watches that it happens.",
            ),
            (
                "Identification",
                "For each system every category of the method is gone through with people who know the work, the data and those affected.",
            ),
            (
                "Analysis",
                "Likelihood and consequence for the agency, for individuals and for society are scored with and without controls, with the facts behind them.",
            ),
            (
                "Criteria and appetite",
                "We take little risk with rights and safety and more with internal efficiency. Above moderate a risk is treated or accepted for a limited time.",
            ),
            (
                "Evaluation",
                "The matrix of the method gives the level. Every third risk is scored again by somebody who has not seen the first score.",
            ),
            (
                "Treatment",
                "A treatment names what is done, by whom, until when, and what the score will be; it is compared with the controls of the standard.",
            ),
            ("Acceptance", "Acceptance has an end date, a reason and a person with the power to give it."),
            ("Monitoring and reporting", "Levels and overdue treatments go to the board each month and to the management review."),
            ("Records", "Risks, treatments and acceptances are kept for seven years after the system has ended."),
        ],
    },
    Text {
        template: "T-AIIA-PROC",
        paragraphs: &[
            (
                "Purpose and references",
                "Says how the effects of AI on people and society are judged before use and again while it is used.",
            ),
            (
                "When",
                "Before a system leaves its concept, before a significant change, after a serious incident or three concerns of one sort, and every twelve months.",
            ),
            (
                "Screening",
                "Twelve questions are answered for every system. A yes or an unclear leads to an assessment of standard depth, the high tier always to one of full depth.",
            ),
            (
                "Sensitive and restricted uses",
                "Recognising people, scoring their conduct and anything about children is sensitive. Restricted uses need consent of the board before the first use.",
            ),
            (
                "Roles",
                "Assessors who do not own the system write it; technical, legal, privacy and affected views contribute; a member of top management signs for the high tier.",
            ),
            (
                "Consultation",
                "Groups that are vulnerable are heard themselves or through those who represent them; what they said and what changed is written down.",
            ),
            (
                "Method",
                "Benefits and harms are listed by group with severity from one to five, likelihood and whether they can be undone; from three on each harm has an answer.",
            ),
            ("Decision", "Go, go with conditions, change first, or stop. A stop ends the use until another assessment is signed."),
            (
                "Records, retention, publication",
                "Assessments are kept for seven years; a summary is published unless the law forbids it.",
            ),
            (
                "Link to risk and data protection",
                "Each harm of weight becomes a risk, and the privacy assessment is named and not repeated.",
            ),
        ],
    },
    Text {
        template: "T-AUP",
        paragraphs: &[
            (
                "Who and which tools",
                "Everybody who works for the agency. Tools that are in the inventory and named for the unit may be used; all others may not.",
            ),
            (
                "Allowed and forbidden",
                "Drafting, searching, summarising and sorting are allowed with approved tools. Deciding about people, secret recording and guessing of feelings are forbidden.",
            ),
            (
                "Data rules",
                "Public and internal text may go into approved tools. Data about people, case files and secrets go only into systems approved for them.",
            ),
            (
                "Output rules",
                "Whoever uses an output checks it and answers for it. Text given to the public says that AI took part.",
            ),
            ("Requesting a tool", "Ask the AIMS lead with purpose, data and people affected; an answer comes within thirty days."),
            (
                "Reporting",
                "Wrong, unfair or strange results are reported to the service desk the same day; nobody is blamed for reporting.",
            ),
            ("Acknowledgement", "Everybody confirms this policy within thirty days of starting and after each change."),
        ],
    },
    Text {
        template: "T-DATA-PROC",
        paragraphs: &[
            ("Scope", "All data that train, tune, test, feed or improve an AI system, bought and made ones included."),
            (
                "Approval of sources",
                "A source is used after its owner, rights and limits are known and the Chief Data Officer has approved it.",
            ),
            (
                "Quality",
                "Each set has targets for accuracy, completeness and currency that are measured before use and each half year.",
            ),
            (
                "Bias and representativeness",
                "Shares of groups are compared with the people concerned; gaps are treated or written down as limits.",
            ),
            ("Preparation", "Each step is code under version control; labels are made by two people where they decide an outcome."),
            (
                "Provenance and lineage",
                "For each version every step from the source is recorded with code, person, time and digest.",
            ),
            ("Privacy and security", "No more data about people than needed; access by role, logged and looked at each quarter."),
            (
                "Retention and deletion",
                "Data are kept as long as the schedule says; what must go leaves models at the next training.",
            ),
            ("Records", "Assessments, lineage and disposals are kept for seven years."),
        ],
    },
    Text {
        template: "T-THIRD-PARTY-PROC",
        paragraphs: &[
            ("Scope", "Suppliers of models, AI services, data, tools and computing, also where AI comes inside other software."),
            ("Tiers", "The tier of a supplier follows from the highest tier of the systems that cannot do without it."),
            (
                "Due diligence",
                "Before a contract the supplier answers questions about origin, our data, testing, change, incidents and exit; proof counts more than answers.",
            ),
            (
                "Contract clauses",
                "Responsibilities and data use always; notice of change for models and services; notice of incidents and exit for the high tiers.",
            ),
            (
                "Approval",
                "Somebody who did not assess approves; for the high tiers also the risk owner of a system that depends on it.",
            ),
            ("Monitoring", "Changes, incidents and measures are followed; suppliers of the high tiers are assessed every year."),
            (
                "Corrective action and exit",
                "A condition that is not met leads to suspension; each high supplier has a way out that was thought through.",
            ),
            ("Records", "Answers, assessments and contracts are kept for six years after the end."),
        ],
    },
    Text {
        template: "T-LIFECYCLE-PROC",
        paragraphs: &[
            (
                "Responsible development objectives",
                "Fairness, safety and the ability to explain are set as requirements with numbers before building begins.",
            ),
            (
                "Stages and gates",
                "Concept, design, test, deployment, operation, retirement; a review opens each stage and writes it down.",
            ),
            (
                "Requirements",
                "The specification says what the system is for, for whom, what it must not do, and what counts as good enough.",
            ),
            (
                "Design and development",
                "Choice of model, data and threats are decided in writing; code and models are under version control.",
            ),
            (
                "Verification and validation",
                "Plans are approved before the run; results are reviewed by somebody who did not run them.",
            ),
            (
                "Deployment",
                "A release names its tests, its assessment and its way back, and is approved by somebody who did not build it.",
            ),
            ("Operation and monitoring", "Each system in use has a plan with limits, responders and an answer time."),
            ("Maintenance and retraining", "Retraining is a release like any other and runs the same tests."),
            ("Retirement", "Users are told, access ends, data and models are disposed of or archived."),
            ("Human oversight", "Overseers can see, correct and stop; they are trained and have the time."),
        ],
    },
    Text {
        template: "T-CAPA",
        paragraphs: &[
            (
                "Source and date",
                "Audits, incidents, concerns, alarms and reviews; the day on which it was seen is the day of the case.",
            ),
            ("Requirement and evidence", "What should be, by item or document, and what is, with the record that shows it."),
            ("Grade", "Major where the system does not reach what it is for, else minor; chances go to the list of improvements."),
            ("Correction", "Put right at once what can be, and look for what it did to people."),
            ("Root cause", "Asked until it lies in the way of working and not in the single case."),
            ("Similar cases", "Looked for in all systems in scope; what is found is named in the case."),
            ("Corrective action", "An owner, a day and what is to be seen afterwards."),
            ("Effectiveness", "Somebody who did not do it looks at a sample after the waiting time."),
            ("Changes to AIMS", "A change of the way of working is planned and decided before it is made."),
        ],
    },
    Text {
        template: "T-INCIDENT",
        paragraphs: &[
            (
                "Definition and classes",
                "An incident is anything an AI system did or failed to do that harmed or nearly harmed people, rights, property or trust; five classes from near miss to critical.",
            ),
            ("Detection", "Alarms, staff, users, concerns and suppliers; the service desk takes reports at any hour."),
            (
                "Roles and contacts",
                "The incident lead leads, the owner can stop, communications speaks, legal decides about duties.",
            ),
            ("Containment", "Stop, roll back, limit or put people in between: first that, then the cause."),
            (
                "Notification",
                "Whoever the law or an agreement names is told in time; the plan lists them with the clock that runs.",
            ),
            ("Investigation", "Timeline, cause and whether monitoring should have seen it."),
            ("Recovery", "Back into use after a test and the owner's word."),
            (
                "Lessons",
                "Each incident of weight ends in a nonconformity or in the reason why not: put right, cause and like cases sought, acted on, and looked at by somebody else after a while.",
            ),
            ("Exercise", "Once a year with an invented incident."),
        ],
    },
    Text {
        template: "T-CONCERNS",
        paragraphs: &[
            ("Who may report", "Anybody: staff, contractors, travellers, applicants, the public."),
            (
                "Channels",
                "The page https://agency.example/ai-concerns, which needs no account and no name, telephone, letter and the service desk.",
            ),
            (
                "Protection",
                "Names are known to the handler only; reprisal is a breach of the rules of service and is looked for after three months.",
            ),
            ("Handling", "Acknowledged within seven days, assessed by somebody without a part in it, answered within thirty."),
            ("Feedback", "The reporter hears what was found and what changed, as far as the law allows."),
            ("Log and reporting", "Each concern is a record; numbers and themes go to the board each quarter."),
        ],
    },
    Text {
        template: "T-CHANGE",
        paragraphs: &[
            (
                "What counts as a change",
                "Purpose, people, model, data, code, configuration, supplier, oversight, and the management system itself.",
            ),
            (
                "Classes",
                "Significant if rights, safety, purpose, data or limits are touched; else ordinary; emergency if harm would come of waiting.",
            ),
            (
                "Assessment",
                "Eleven questions, answered by the leader; a significant change names its risks and its impact assessment.",
            ),
            ("Approval and tests", "The owner of each system touched approves; tests run before the release."),
            ("Release and rollback", "Each change has a way back that was tried."),
            (
                "AIMS changes",
                "A change of scope, policy or roles is approved by top management and says how the system stays whole.",
            ),
            ("Record", "The change names what follows it and is looked at again after thirty to ninety days."),
        ],
    },
    Text {
        template: "T-DOC-CONTROL",
        paragraphs: &[
            ("Document types", "Policies, procedures, plans and records; each has an owner and one place."),
            ("Naming and version", "Title, version and language; a revision says what changed."),
            ("Review and withdrawal", "At least yearly; withdrawn documents stay readable and cannot be confirmed."),
            ("Access and confidentiality", "Public, internal, confidential or restricted, with the roles that receive it."),
            ("Records", "Records are made where the work is done and are never overwritten."),
            ("External documents", "Laws and standards are listed with edition and the day they were compared."),
            ("Disposal", "After the time kept, documents are archived or deleted as their record says."),
        ],
    },
    Text {
        template: "T-OVERSIGHT",
        paragraphs: &[
            ("Model", "Each system says where a person stands: in every case, over samples, or over the whole."),
            ("Overseers", "Named, trained, with hours for it and the power to overrule."),
            ("Override and stop", "Every overseer can set an output aside and stop the system; stopping is tried twice a year."),
            ("Automation bias", "Overseers see cases without the output from time to time, and rates of agreement are watched."),
            ("Explanation", "Whoever is affected hears which facts counted and whom to ask."),
            ("Data", "Overrides and their reasons are kept and read each month."),
            ("Review", "The plan is looked at twice a year and after each incident."),
        ],
    },
    Text {
        template: "T-MANUAL",
        paragraphs: &[
            ("Purpose and scope", "Binds the parts of the management system together; the scope statement says where it holds."),
            (
                "Process map",
                "Eleven processes with owner, inputs, outputs and what they feed; the table beside this text is the map.",
            ),
            (
                "Document hierarchy",
                "Policy, then procedures, then plans and records; a lower one never allows what a higher one forbids.",
            ),
            (
                "Clause index",
                "Vouch lists for each clause and control what documents, operates and proves it; this manual does not repeat it.",
            ),
            (
                "Integration",
                "Information security and privacy run systems of their own; risk scales, audit calendar and management review are shared.",
            ),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_the_headings_of_its_outline() {
        let frameworks = vouch_testkit::tables().frameworks;
        for text in TEXTS {
            let wanted = &frameworks.template(text.template).expect("the outline is there").headings;
            let there: Vec<&str> = text.paragraphs.iter().map(|(heading, _)| *heading).collect();
            assert_eq!(&there, wanted, "{}", text.template);
        }
    }

    #[test]
    fn every_process_feeds_one_that_is_there() {
        for process in PROCESSES {
            for feeds in process.5.split(", ") {
                assert!(PROCESSES.iter().any(|other| other.0 == feeds && other.0 != process.0), "{feeds}");
            }
        }
    }
}
