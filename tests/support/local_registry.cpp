#include "support/local_registry.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/process.h"
#include "support/real_engines.h"

#include <fmt/core.h>

#include <sstream>
#include <stdexcept>

namespace fresh::test {
namespace {

/// bcrypt of the password, as `htpasswd -B` writes it.
constexpr const char* password_file = "bob:$2y$05$fbvGShuv1QxsGLSC6nzzrevgnU5jm4Je87ILsc0uhrYOdCpy00I.y\n";

}  // namespace

LocalRegistry::LocalRegistry(int port) : host_(fmt::format("127.0.0.1:{}", port)) {
  base::write_file_atomic(folder_.path() / "htpasswd", password_file);
  base::write_file_atomic(folder_.path() / "registry.yml",
                          fmt::format("version: 0.1\n"
                                      "storage: {{filesystem: {{rootdirectory: {0}/data}}}}\n"
                                      "http: {{addr: \"{1}\"}}\n"
                                      "auth: {{htpasswd: {{realm: test, path: {0}/htpasswd}}}}\n",
                                      folder_.path().string(), host_));
  if (!base::find_program("docker-registry")) {
    throw std::runtime_error(
        "'docker-registry' is missing; run: apt-get install -y --no-install-recommends docker-registry");
  }
  const auto argv =
      RealEngine::shared().inside({"docker-registry", "serve", (folder_.path() / "registry.yml").string()});
  group_.start([argv](const std::stop_token& stop) {
    try {
      base::run_command({.argv = argv, .deadline = std::chrono::minutes(5)}, stop);
    } catch (const base::Interrupted&) {
      // The end of the object's life.
    }
  });
  const base::SystemClock clock;
  for (int tries = 0; ask("/v2/").find("401") == std::string::npos; ++tries) {
    if (tries > 200) {
      throw std::runtime_error("docker-registry does not answer");
    }
    clock.wait(std::chrono::milliseconds(50), {});
  }
}

std::string LocalRegistry::ask(const std::string& path, const std::string& credentials) const {
  std::vector<std::string> argv{"curl",
                                "-sSI",
                                "-m",
                                "5",
                                "-H",
                                "Accept: application/vnd.docker.distribution.manifest.v2+json, "
                                "application/vnd.oci.image.manifest.v1+json",
                                fmt::format("http://{}{}", host_, path)};
  if (!credentials.empty()) {
    argv.insert(argv.end(), {"-u", credentials});
  }
  return base::run_command({.argv = RealEngine::shared().inside(argv)}, {}).out;
}

std::string LocalRegistry::digest_of(const std::string& repository, const std::string& tag) const {
  std::istringstream answer(
      ask(fmt::format("/v2/{}/manifests/{}", repository, tag), fmt::format("{}:{}", user, password)));
  for (std::string line; std::getline(answer, line);) {
    if (line.starts_with("Docker-Content-Digest: ")) {
      return line.substr(23, 71);
    }
  }
  throw std::runtime_error("the registry names no digest: " + answer.str());
}

}  // namespace fresh::test
