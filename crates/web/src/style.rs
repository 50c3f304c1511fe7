//! The style sheet: files in cascade layers, put together once. Each page's own style stands in its folder.

/// Layer and text of each file, in the order of the layers.
const SHEETS: &[(&str, &str)] = &[
    ("reset", include_str!("style/reset.css")),
    ("tokens", include_str!("style/tokens.css")),
    ("base", include_str!("style/base.css")),
    ("shell", include_str!("style/shell.css")),
    ("parts", include_str!("style/parts.css")),
    ("parts", include_str!("style/table.css")),
    ("parts", include_str!("style/form.css")),
    ("parts", include_str!("style/chart.css")),
    ("pages", include_str!("page/overview.css")),
    ("pages", include_str!("page/gaps.css")),
    ("pages", include_str!("page/systems.css")),
    ("pages", include_str!("page/system.css")),
    ("pages", include_str!("page/risks.css")),
    ("pages", include_str!("page/impact.css")),
    ("pages", include_str!("page/record.css")),
    ("pages", include_str!("page/soa.css")),
    ("pages", include_str!("page/evidence.css")),
    ("pages", include_str!("page/document.css")),
    ("print", include_str!("style/print.css")),
];

/// The whole sheet; `latin` and `latin_ext` are the paths of the font's files.
pub(crate) fn sheet(latin: &str, latin_ext: &str) -> String {
    let mut sheet = String::from("@layer reset,tokens,base,shell,parts,pages,print;");
    for (path, range) in [(latin, LATIN), (latin_ext, LATIN_EXT)] {
        sheet.push_str(&format!(
            "@font-face{{font-family:Inter;font-style:normal;font-weight:100 900;font-display:swap;src:url({path}) format(\"woff2\");unicode-range:{range}}}"
        ));
    }
    for (layer, text) in SHEETS {
        sheet.push_str(&format!("@layer {layer}{{{}}}", shrink(text)));
    }
    sheet
}

/// Characters of the font's Latin file.
const LATIN: &str = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,\
                     U+2193,U+2212,U+2215,U+FEFF,U+FFFD";
/// Characters of its second file, fetched only when one of them is shown.
const LATIN_EXT: &str = "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,\
                         U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF";

/// Takes comments, line breaks and indents away.
fn shrink(css: &str) -> String {
    let mut rest = css;
    let mut kept = String::with_capacity(css.len());
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines: Vec<&str> = kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n").replace(" {\n", "{").replace(";\n", ";").replace(";}", "}").replace(",\n", ",").replace(": ", ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indents_are_not_sent() {
        assert_eq!(shrink("a { /* why */\n  color: red;\n}\n"), "a{color:red}");
    }

    #[test]
    fn every_brace_is_closed() {
        for (layer, text) in SHEETS {
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{layer}: {}", &text[..40.min(text.len())]);
        }
    }

    /// `light` and `dark` of a token.
    fn token(name: &str) -> [[f64; 3]; 2] {
        let tokens = include_str!("style/tokens.css");
        let from = tokens.find(&format!("--{name}: light-dark(")).map(|at| &tokens[at..]).expect("the token is declared");
        let inside = from.split_once("light-dark(").and_then(|(_, rest)| rest.split_once(')')).expect("it has two values").0;
        let mut colours = inside.split(',').map(|text| {
            let hex = text.trim().trim_start_matches('#');
            [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("colours are hexadecimal")) / 255.0)
        });
        [colours.next().expect("light"), colours.next().expect("dark")]
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(colour: [f64; 3]) -> f64 {
        let [red, green, blue] =
            colour.map(|part| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: &str, other: &str) -> [f64; 2] {
        let (one, other) = (token(one), token(other));
        [0, 1].map(|theme| {
            let (a, b) = (luminance(one[theme]), luminance(other[theme]));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        })
    }

    #[test]
    fn text_stands_out_by_four_and_a_half_in_both_themes() {
        let grounds = ["canvas", "side", "surface", "sunken"];
        let mut pairs: Vec<(&str, &str)> =
            ["ink-1", "ink-2", "ink-3", "accent"].into_iter().flat_map(|ink| grounds.map(|ground| (ink, ground))).collect();
        for ink in ["good", "attention", "bad"] {
            pairs.push((ink, "surface"));
        }
        pairs.extend([("accent", "accent-tint"), ("good", "good-tint"), ("attention", "attention-tint"), ("bad", "bad-tint")]);
        pairs.extend([("on-accent", "accent-solid"), ("on-bad", "bad-solid")]);
        for number in 1..=5 {
            let (ink, ground) = ([format!("on-risk-{number}")], [format!("risk-{number}")]);
            let [light, dark] = contrast(&ink[0], &ground[0]);
            assert!(light >= 4.5 && dark >= 4.5, "risk {number}: {light:.2} {dark:.2}");
        }
        for (ink, ground) in pairs {
            let [light, dark] = contrast(ink, ground);
            assert!(light >= 4.5 && dark >= 4.5, "{ink} on {ground}: {light:.2} in light, {dark:.2} in dark");
        }
    }

    #[test]
    fn edges_of_controls_stand_out_by_three() {
        for ground in ["surface", "canvas"] {
            let [light, dark] = contrast("edge", ground);
            assert!(light >= 3.0 && dark >= 3.0, "{ground}: {light:.2} {dark:.2}");
        }
    }
}
