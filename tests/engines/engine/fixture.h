#pragma once

#include "engine/engine.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace fresh::test {

/// A client of the real engine that this test run is about, and an image with busybox in it. What a test
/// makes carries the label of its own name and is removed at its end.
class EngineTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  engine::Engine& engine() { return *engine_; }
  bool podman() const { return engine_->version().flavor == engine::Flavor::podman; }
  /// A name of this test's own.
  std::string name(const std::string& suffix) const;
  engine::Labels labels() const;
  /// A container that runs `script` in busybox's shell.
  engine::ContainerSpec shell(const std::string& suffix, const std::string& script) const;
  /// Creates, starts, waits for the end; the exit code.
  int run(const engine::ContainerSpec& spec);
  std::string output_of(const std::string& container);

  static constexpr const char* image = "localhost/fresh-test-busybox:1";
  const engine::Call call{};

 private:
  std::unique_ptr<engine::Engine> engine_;
};

/// A tar archive with one file.
std::string tar_of(const std::string& path, const std::string& content, unsigned mode = 0644);

}  // namespace fresh::test
