use super::Defect;
pub(super) const DEFECTS: &[Defect] = &[];
