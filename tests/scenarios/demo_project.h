#pragma once

#include "scenarios/project.h"

#include <memory>

namespace fresh::test {

/// A clone of this repository with what is not committed yet on top, so that what is tested is what is here.
/// It uses the cache of inputs of whoever runs the tests. `engine`: null for the embedded Podman,
/// whose images FRESH_DEMO_STORE=DIR of the environment keeps for the next time.
std::unique_ptr<Project> demo_project(const RealEngine* engine);

/// A strict run of the demo that passed: `elsewhere` notebooks need services which the profile does not have,
/// all others passed, every service is healthy, the results equal the committed baseline of the profile where
/// there is one.
void expect_demo_pass(const RunOutcome& outcome, int elsewhere);

/// Two runs with results equal leaf by leaf. Prints both last lines.
void expect_equal(const RunOutcome& one, const RunOutcome& other);

/// The socket of the engine that the project's commands use now.
std::filesystem::path socket_of(Project& project);

}  // namespace fresh::test
