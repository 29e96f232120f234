//! What files a process may open and what ports it may reach, by Landlock.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};

use super::SandboxError;

/// Read what lies at or below these `read`, write into these `write` as well, and open no other file; reach no port of TCP, no abstract socket and no process outside.
/// What is not there is left out. Holds for this thread and those that it starts.
///
/// # Errors
/// [`SandboxError::NoLandlock`] if nothing of it is enforced.
pub fn fence(read: &[&Path], write: &[&Path]) -> Result<(), SandboxError> {
    // The newest rules that are known here; an older kernel keeps those that it has.
    let abi = ABI::V6;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(read, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(write, AccessFs::ReadFile | AccessFs::WriteFile))?
        .restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(SandboxError::NoLandlock);
    }
    Ok(())
}
