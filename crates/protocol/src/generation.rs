//! The two generations of the gateway.

/// Which of the two a message, a case or a profile is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Generation {
    /// JSON, with a signature in a header.
    #[default]
    Ams,
    /// `gateway.do`: forms in, XML out.
    Legacy,
}

impl Generation {
    /// Both, in the order in which a run plays them.
    pub const ALL: [Self; 2] = [Self::Ams, Self::Legacy];

    /// The word in profile and catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ams => "ams",
            Self::Legacy => "legacy",
        }
    }

    /// Finds a generation by its word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|generation| generation.name() == name)
    }

    /// The generation of a case, by what its id begins with.
    pub fn of_case(id: &str) -> Self {
        if id.starts_with("LEG-") { Self::Legacy } else { Self::Ams }
    }
}

#[cfg(test)]
mod tests {
    use super::Generation;

    #[test]
    fn a_generation_is_found_by_its_word_and_by_its_cases() {
        for generation in Generation::ALL {
            assert_eq!(Generation::named(generation.name()), Some(generation));
        }
        assert_eq!(Generation::named("AMS"), None);
        assert_eq!(Generation::of_case("LEG-PAY-001"), Generation::Legacy);
        assert_eq!(Generation::of_case("AMS-PAY-001"), Generation::Ams);
    }
}
