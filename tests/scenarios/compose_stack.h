#pragma once

#include "scenarios/scenario.h"

#include <map>
#include <string>

namespace fresh::test {

/// A folder with a compose.yaml and nothing of ours, and an image of busybox alone in the engine: its
/// services start and stop at once.
class ComposeStack : public Scenario {
 protected:
  ComposeStack();
  void SetUp() override;

  /// Writes compose.yaml: `x-base: &base` (the image, a sleep, stopped by SIGKILL), then this text.
  void stack(const std::string& text) const;
  /// `fresh-clone ARGUMENTS`, which must end with `code`.
  Ended expect(int code, const std::vector<std::string>& arguments);
  /// Ids of the containers of the project `shop` by name; a container's state with `state_of`.
  std::map<std::string, std::string> ids() const;
  std::string state_of(const std::string& container) const;
};

/// A run without an environment that failed in G4_BUILD (exit 30): its reason and its hint have these words.
void expect_G4_failed(const RunOutcome& outcome, const std::vector<std::string>& reason,
                      const std::string& hint);

/// Whether a text has these words; on failure the text is shown.
::testing::AssertionResult says(const std::string& text, const std::string& words);

}  // namespace fresh::test
