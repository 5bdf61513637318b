import type { StepFailure } from "../target-state.ts";

/** The campaign's branch has commits that aren't the campaign's. */
export function foreignCommits(step: string, branch: string): StepFailure {
  return conflict(
    step,
    `the branch ${branch} has commits that aren't the campaign's`,
    "They were left alone. Rename or remove the branch; then `batch retry --class conflicted`, plan and apply",
  );
}

/** Git would show all files as changed if the branch moved under a work tree. */
export function checkedOut(branch: string): StepFailure {
  return conflict(
    "commit",
    `the branch ${branch} is checked out`,
    "Switch to another branch there, and apply again",
  );
}

function conflict(step: string, message: string, hint: string): StepFailure {
  return { class: "conflicted", step, message, hint };
}
