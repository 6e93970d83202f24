// bench_stack BINARY PEERS PROJECT [SOCKET [ROUNDS]]: the demo's stack from nothing to all healthy by
// fresh-clone, by docker compose and by raw calls, in turn, from the same compose file on the same Docker
// engine; medians and ratios. Bigger than 1: fresh-clone is slower. Without SOCKET a private engine is
// started, and the images are built in it first.
//
// Left out are the vault, which docker compose cannot open, and the API, which waits for it. The file is what
// `fresh-clone config` prints, with secrets that every user can read: docker compose binds them as they are.
#include "base/file.h"
#include "base/process.h"
#include "bench/measure.h"
#include "bench/stack_floor.h"
#include "compose/load.h"
#include "engine/socket_engine.h"
#include "support/real_engines.h"
#include "trust/random.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>

namespace {

namespace fs = std::filesystem;
using namespace fresh;

const std::vector<std::string> services{"hcd-server", "janusgraph", "jupyter", "opensearch"};
constexpr std::size_t secret_bytes = 32;

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string output_of(const std::vector<std::string>& words) {
  auto result = base::run_command({.argv = words, .deadline = std::chrono::minutes(40)}, {});
  if (result.exit_code != 0) {
    throw std::runtime_error(result.err);
  }
  return result.out;
}

/// The services as one compose file of their own below `folder`, with secrets made for it.
compose::Project write_stack(const std::string& binary, const fs::path& project, const fs::path& folder) {
  std::string text =
      output_of(with({binary, "--project", project.string(), "-p", "stack-bench", "config"}, services));
  const std::string kept = (project / ".fresh-clone/credentials/").string();
  const std::string own = (folder / "credentials/").string();
  fs::create_directories(own);
  for (auto at = text.find(kept); at != std::string::npos; at = text.find(kept, at + own.size())) {
    text.replace(at, kept.size(), own);
    const fs::path file = text.substr(at, text.find_first_of("\"\n", at) - at);
    base::write_file_atomic(file, trust::random_hex(secret_bytes), 0444);
  }
  base::write_file_atomic(folder / "compose.yaml", text);
  return compose::load({.files = {folder / "compose.yaml"}});
}

struct Tool {
  std::string name;
  std::vector<std::string> up;
  std::vector<std::string> down;
  double bar;  ///< the largest ratio that is wanted
};

void run(const std::vector<std::string>& words, const fs::path& folder, const std::string& uri,
         std::vector<double>* times) {
  const auto measured = bench::measure({.words = words,
                                        .variables = {{"DOCKER_HOST", uri},
                                                      {"CONTAINER_HOST", uri},
                                                      {"XDG_CACHE_HOME", (folder / "cache").string()},
                                                      {"XDG_DATA_HOME", (folder / "data").string()}},
                                        .folder = folder});
  if (!measured.passed) {
    throw std::runtime_error(fmt::format("'{}' failed:\n{}", words.front(), measured.errors));
  }
  if (times != nullptr) {
    times->push_back(measured.milliseconds);
  }
}

void measure(const std::vector<Tool>& tools, engine::Engine& engine, const std::string& uri,
             const fs::path& folder, const compose::Project& stack, int rounds) {
  std::vector<std::vector<double>> times(tools.size() + 1);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < tools.size(); ++i) {
      run(tools[i].up, folder, uri, &times[i]);
      run(tools[i].down, folder, uri, nullptr);
    }
    const auto start = std::chrono::steady_clock::now();
    bench::floor_up(engine, stack);
    times.back().push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    bench::floor_down(engine, stack);
  }
  const double ours = bench::median(times.front());
  fmt::print("demo stack, up: fresh-clone {:.0f} ms\n", ours);
  for (std::size_t i = 1; i < times.size(); ++i) {
    const bool is_floor = i == tools.size();
    const double theirs = bench::median(times[i]);
    fmt::print("  {:<16} {:6.0f} ms, ratio {:.2f} (bar {:.1f})\n", is_floor ? "floor" : tools[i].name, theirs,
               ours / theirs, is_floor ? 1.1 : tools[i].bar);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc > 6) {
    fmt::print(stderr, "usage: bench_stack BINARY PEERS PROJECT [SOCKET [ROUNDS]]\n");
    return 2;
  }
  try {
    const std::string binary = fs::absolute(argv[1]).string();
    const fs::path project = fs::weakly_canonical(argv[3]);
    const base::TemporaryFolder folder;
    std::optional<test::RealEngine> own;
    if (argc < 5) {
      own.emplace("docker", folder.path() / "engine", false);
    }
    engine::Endpoint endpoint;
    endpoint.path = own ? own->socket().string() : argv[4];
    const std::string uri = "unix://" + endpoint.path;
    const auto engine = engine::connect({endpoint, "bench", "the bench's own"}, {});
    const std::vector<std::string> ours{binary, "--engine", uri, "--progress", "quiet"};
    if (own) {
      fmt::print("building the demo's images: several minutes\n");
      std::fflush(stdout);
      output_of(with(ours, {"--project", project.string(), "images", "build"}));
    }
    std::vector<Tool> tools{{"fresh-clone", with(ours, {"up"}), with(ours, {"down", "-v"}), 1}};
    const auto peer = (fs::absolute(argv[2]) / "docker-compose").string();
    if (fs::exists(peer)) {
      tools.push_back({"docker-compose", {peer, "up", "-d", "--wait"}, {peer, "down", "-v", "-t", "0"}, 0.8});
    } else {
      fmt::print("docker-compose is not there: left out\n");
    }
    const auto stack = write_stack(binary, project, folder.path());
    const int rounds = argc == 6 ? std::stoi(argv[5]) : 3;
    fmt::print("docker {}: medians of {}\n", engine->version().engine, rounds);
    measure(tools, *engine, uri, folder.path(), stack, rounds);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    return 1;
  }
  return 0;
}
