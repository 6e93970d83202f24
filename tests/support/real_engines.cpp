#include "support/real_engines.h"

#include "base/process.h"

#include <cstdlib>
#include <memory>
#include <pwd.h>
#include <stdexcept>
#include <utility>

namespace fresh::test {
namespace {

constexpr const char* script = FRESH_SOURCE_DIR "/scripts/engines.sh";

void run_script(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), script);
  const auto result = base::run_command({.argv = arguments, .deadline = std::chrono::minutes(2)}, {});
  if (result.exit_code != 0) {
    throw std::runtime_error(result.err.empty() ? "scripts/engines.sh failed" : result.err);
  }
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

RealEngine::RealEngine(std::string kind, std::filesystem::path folder)
    : kind_(std::move(kind)), folder_(std::move(folder)) {}

RealEngine::RealEngine(std::string kind, std::filesystem::path folder, bool closed)
    : RealEngine(std::move(kind), std::move(folder)) {
  run_script({"start", kind_, folder_.string(), closed ? "closed" : "open"});
  ours_ = true;
}

RealEngine::~RealEngine() {
  if (ours_) {
    try {
      run_script({"stop", folder_.string()});
    } catch (const std::exception&) {
      // The next start in this folder stops what is left.
    }
  }
}

const RealEngine& RealEngine::shared() {
  static const std::unique_ptr<RealEngine> engine = [] {
    const std::string kind = variable("FRESH_TEST_ENGINE");
    if (kind != "podman" && kind != "docker") {
      throw std::runtime_error("FRESH_TEST_ENGINE must be 'podman' or 'docker', not '" + kind + "'");
    }
    const std::filesystem::path folder = std::filesystem::path(FRESH_TEST_ENGINES) / kind;
    if (std::filesystem::exists(folder / "engine.sock")) {
      return std::unique_ptr<RealEngine>(new RealEngine(kind, folder));
    }
    return std::make_unique<RealEngine>(kind, folder, false);
  }();
  return *engine;
}

std::vector<std::string> RealEngine::inside(const std::vector<std::string>& command) const {
  std::vector<std::string> all{script, "inside", folder_.string()};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

std::vector<std::string> as_ordinary_user(const std::string& name, const std::vector<std::string>& command) {
  run_script({"user", name});
  const passwd* user = ::getpwnam(name.c_str());
  if (user == nullptr) {
    throw std::runtime_error("there is no user '" + name + "'");
  }
  const std::string home = user->pw_dir;
  std::vector<std::string> all{"runuser",
                               "-u",
                               name,
                               "--",
                               "env",
                               "-i",
                               "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                               "HOME=" + home,
                               "USER=" + name,
                               "LANG=C.UTF-8",
                               "XDG_RUNTIME_DIR=/run/user/" + std::to_string(user->pw_uid)};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

}  // namespace fresh::test
