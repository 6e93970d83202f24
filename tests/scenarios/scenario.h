#pragma once

#include "scenarios/expectations.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace fresh::test {

/// One scenario on the engine of this process. Afterwards the engine holds nothing of ours, and a failed
/// scenario's outputs are kept below <build>/scenario-artifacts/.
class Scenario : public ::testing::Test {
 protected:
  /// `fill` makes the folder of the project.
  explicit Scenario(const std::function<void(const std::filesystem::path&)>& fill = Project::small_stack)
      : project(&RealEngine::shared(), fill) {}
  void SetUp() override;
  void TearDown() override;

  const RealEngine& engine() const { return RealEngine::shared(); }
  /// Names of our containers, networks and volumes in the engine.
  std::vector<std::string> left_in_engine() const;

  /// A web server beside the engine, over a folder; it answers when this returns.
  std::unique_ptr<Program> serve(const std::string& address, const std::string& port,
                                 const std::filesystem::path& folder) const;

  Project project;
};

/// GET on the engine's Docker-compatible API.
nlohmann::json engine_get(const RealEngine& engine, const std::string& path);
/// POST on the same; throws when the engine refuses.
void engine_post(const RealEngine& engine, const std::string& path);

}  // namespace fresh::test
