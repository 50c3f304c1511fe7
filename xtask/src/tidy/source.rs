//! Rust files as the rules see them.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use crate::project::Project;

/// A parsed file.
pub(crate) struct Source {
    /// path below the root
    pub(crate) path: String,
    /// its text
    pub(crate) text: String,
    /// its items
    pub(crate) items: syn::File,
    /// whether only tests reach it; the module tree says so
    pub(crate) for_tests: bool,
}

/// A function and its measures.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// lines from `fn` to the closing brace
    pub(crate) lines: usize,
    /// without `self`
    pub(crate) parameters: usize,
}

impl Source {
    /// Parses a text.
    pub(crate) fn parse(path: &str, text: &str) -> Result<Self> {
        let items = syn::parse_file(text).with_context(|| format!("`{path}` is not Rust"))?;
        Ok(Self { path: path.to_owned(), text: text.to_owned(), items, for_tests: false })
    }

    /// All tracked Rust files.
    pub(crate) fn all(project: &Project, tracked: &[String]) -> Result<Vec<Self>> {
        tracked.iter().filter(|path| path.ends_with(".rs")).map(|path| Self::parse(path, &project.read(path)?)).collect()
    }

    /// Whether a program wrote it.
    pub(crate) fn generated(&self) -> bool {
        self.text.starts_with("// @generated")
    }

    /// Lines outside test modules.
    pub(crate) fn lines_without_tests(&self) -> usize {
        if self.for_tests {
            return 0;
        }
        let tests: usize = self
            .items
            .items
            .iter()
            .filter_map(|item| match item {
                syn::Item::Mod(module) if is_test(&module.attrs) => Some(lines(item.span())),
                _ => None,
            })
            .sum();
        self.text.lines().count() - tests
    }

    /// Functions outside tests.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let mut found = Functions(Vec::new());
        if !self.for_tests {
            found.visit_file(&self.items);
        }
        found.0
    }

    /// Names of the modules it declares: own file or inline.
    pub(crate) fn modules(&self) -> BTreeSet<String> {
        let modules = self.items.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) => Some(module.ident.to_string()),
            _ => None,
        });
        modules.collect()
    }

    /// Paths it names outside tests (`std::fs::read`), and `async` where it occurs.
    pub(crate) fn paths(&self) -> BTreeSet<String> {
        let mut found = Paths(BTreeSet::new());
        if !self.for_tests {
            found.visit_file(&self.items);
        }
        found.0
    }

    /// Its head comment.
    pub(crate) fn head(&self) -> String {
        let lines = self.text.lines().take_while(|line| line.starts_with("//!"));
        lines.map(|line| line.trim_start_matches("//!")).collect()
    }
}

fn lines(span: proc_macro2::Span) -> usize {
    span.end().line - span.start().line + 1
}

/// Whether an item is compiled for tests only.
pub(crate) fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let cfg_test =
            attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"));
        cfg_test || attribute.path().is_ident("test")
    })
}

struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, signature: &syn::Signature, end: proc_macro2::Span) {
        let parameters = signature.inputs.iter().filter(|input| matches!(input, syn::FnArg::Typed(_))).count();
        let lines = end.end().line - signature.span().start().line + 1;
        self.0.push(Function { name: signature.ident.to_string(), lines, parameters });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if !is_test(&function.attrs) {
            self.add(&function.sig, function.block.span());
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if !is_test(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            self.add(&function.sig, function.block.span());
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        self.add(&function.sig, function.default.as_ref().map_or(function.sig.span(), |block| block.span()));
        visit::visit_trait_item_fn(self, function);
    }
}

struct Paths(BTreeSet<String>);

impl Paths {
    fn add_use(&mut self, before: &str, tree: &syn::UseTree) {
        let last = match tree {
            syn::UseTree::Path(path) => return self.add_use(&format!("{before}{}::", path.ident), &path.tree),
            syn::UseTree::Group(group) => return group.items.iter().for_each(|item| self.add_use(before, item)),
            syn::UseTree::Name(name) => name.ident.to_string(),
            syn::UseTree::Rename(rename) => rename.ident.to_string(),
            syn::UseTree::Glob(_) => "*".to_owned(),
        };
        self.0.insert(format!("{before}{last}"));
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(module) => &module.attrs,
            syn::Item::Fn(function) => &function.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_use("", &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.0.insert(names.join("::"));
        visit::visit_path(self, path);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if signature.asyncness.is_some() {
            self.0.insert("async".to_owned());
        }
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.0.insert("async".to_owned());
        visit::visit_expr_async(self, block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source::parse(path, text).unwrap()
    }

    #[test]
    fn tests_do_not_count() {
        let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn long() {\n    }\n}\n";
        let source_file = source("crates/x/src/a.rs", text);
        assert_eq!(source_file.lines_without_tests(), 2);
        assert_eq!(source_file.functions().len(), 1);
        let tests = Source { for_tests: true, ..source_file };
        assert_eq!((tests.lines_without_tests(), tests.functions().len()), (0, 0));
    }

    #[test]
    fn a_function_is_measured_from_its_signature_to_its_last_brace() {
        let text =
            "/// Doc.\n#[must_use]\npub fn a(\n    x: u8,\n    y: u8,\n) -> u8 {\n    x\n}\nimpl S { fn b(&self, z: u8) {} }\n";
        let expected =
            [Function { name: "a".into(), lines: 6, parameters: 2 }, Function { name: "b".into(), lines: 1, parameters: 1 }];
        assert_eq!(source("crates/x/src/a.rs", text).functions(), expected);
    }

    #[test]
    fn paths_are_found_in_uses_and_expressions_but_not_in_tests() {
        let text = "use std::{fs::File, io};\nasync fn a() { std::env::var(\"X\"); }\n#[cfg(test)]\nmod tests { use std::net::TcpStream; }\n";
        let paths = source("crates/x/src/a.rs", text).paths();
        for path in ["std::fs::File", "std::io", "std::env::var", "async"] {
            assert!(paths.contains(path), "{path} in {paths:?}");
        }
        assert!(!paths.iter().any(|path| path.contains("net")), "{paths:?}");
    }
}
