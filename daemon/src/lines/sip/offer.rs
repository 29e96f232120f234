//! Offers that come in requests: what is agreed, or why not.

use rsipstack::sip::HeadersExt;
use rsipstack::transaction::transaction::Transaction;

use super::reply::{Refusal, SDP};
use super::sdp::{Agreed, Description, Unusable};
use crate::config::Codec;

/// The offer that a request brings and what we agree on; `None` if it brings none.
///
/// # Errors
/// If it brings something else, or an offer that we cannot take.
pub fn read_offer(transaction: &Transaction, codecs: &[Codec]) -> Result<Option<(Description, Agreed)>, Refusal> {
    let request = &transaction.original;
    if request.body.is_empty() {
        return Ok(None);
    }
    let kind = request.header_value("Content-Type").unwrap_or_default();
    if !kind.trim().get(..SDP.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(SDP)) {
        return Err(Refusal::content());
    }
    let offer = Description::parse(&request.body).map_err(refusal_of)?;
    let agreed = offer.agree(codecs).map_err(refusal_of)?;
    Ok(Some((offer, agreed)))
}

fn refusal_of(unusable: Unusable) -> Refusal {
    Refusal::of(match unusable {
        Unusable::Malformed => 400,
        Unusable::NoSound | Unusable::NoCodec => 488,
    })
}
