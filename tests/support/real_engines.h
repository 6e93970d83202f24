#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fresh::test {

/// A private Podman or Docker for tests, in a network namespace of its own; started and removed by
/// scripts/engines.sh.
class RealEngine {
 public:
  /// The engine that FRESH_TEST_ENGINE names (`podman` or `docker`), shared by the whole test run: ctest
  /// starts it before the first test that needs it; without ctest it is started here and stopped at exit.
  /// Throws with the command that installs what is missing.
  static const RealEngine& shared();

  /// One for a single test, below `folder`, which must not exist. `closed`: no way out to any network.
  RealEngine(std::string kind, std::filesystem::path folder, bool closed);
  RealEngine(const RealEngine&) = delete;
  RealEngine& operator=(const RealEngine&) = delete;
  ~RealEngine();

  const std::string& kind() const { return kind_; }
  std::filesystem::path socket() const { return folder_ / "engine.sock"; }
  /// `unix://...` for --engine.
  std::string uri() const { return "unix://" + socket().string(); }
  /// `command`, run where the ports that this engine publishes are reachable on 127.0.0.1.
  std::vector<std::string> inside(const std::vector<std::string>& command) const;

 private:
  RealEngine(std::string kind, std::filesystem::path folder);

  std::string kind_;
  std::filesystem::path folder_;
  bool ours_ = false;
};

/// An ordinary user that can run Podman without root; made when missing. `command` becomes one that runs as
/// that user.
std::vector<std::string> as_ordinary_user(const std::string& name, const std::vector<std::string>& command);

}  // namespace fresh::test
