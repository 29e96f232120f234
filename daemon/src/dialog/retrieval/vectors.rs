//! What an embedding model makes of each text: nearness in meaning, without a word in common.
//!
//! The vectors are computed elsewhere. Vectors of another length than a query's are near to nothing.

/// The vectors of one entry's texts, each of length 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryVectors {
    /// Of each way to ask for it.
    pub asked: Vec<Vec<f32>>,
    /// Of what is answered; none if nothing is.
    pub answer: Option<Vec<f32>>,
}

/// The cosine of two vectors of length 1, in `[-1, 1]`; 0 if they cannot be compared.
fn cosine(one: &[f32], other: &[f32]) -> f32 {
    if one.len() != other.len() {
        return 0.0;
    }
    let dot: f32 = one.iter().zip(other).map(|(a, b)| a * b).sum();
    if dot.is_finite() { dot.clamp(-1.0, 1.0) } else { 0.0 }
}

impl EntryVectors {
    /// How near a query is to the nearest way to ask; 0 if there is none.
    pub(super) fn near_asked(&self, query: &[f32]) -> f32 {
        self.asked.iter().map(|vector| cosine(query, vector)).reduce(f32::max).unwrap_or_default()
    }

    /// How near it is to the answer; 0 if there is none.
    pub(super) fn near_answer(&self, query: &[f32]) -> f32 {
        self.answer.as_deref().map(|vector| cosine(query, vector)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_way_to_ask_counts() {
        let entry = EntryVectors { asked: vec![vec![1.0, 0.0], vec![0.0, 1.0]], answer: None };
        assert_eq!((entry.near_asked(&[0.6, 0.8]), entry.near_answer(&[0.6, 0.8])), (0.8, 0.0));
    }

    #[test]
    fn a_vector_of_another_model_is_near_to_nothing() {
        let entry = EntryVectors { asked: vec![vec![1.0, 0.0]], answer: Some(vec![f32::NAN, 0.0]) };
        assert_eq!((entry.near_asked(&[1.0, 0.0, 0.0]), entry.near_answer(&[1.0, 0.0])), (0.0, 0.0));
    }
}
