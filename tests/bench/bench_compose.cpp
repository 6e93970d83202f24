// bench_compose BINARY PEERS podman|docker [ROUNDS [STACK...]]: the same stacks brought up and taken down by
// fresh-clone, by its peers and by raw calls, in turn, on one private engine. For each figure: everyone's
// median and least, how many times faster than it fresh-clone is, and the bars beside it.
#include "base/clock.h"
#include "base/file.h"
#include "bench/bars.h"
#include "bench/floor.h"
#include "bench/measure.h"
#include "engine/socket_engine.h"
#include "source/docker_archive.h"
#include "source/tar_writer.h"
#include "support/real_engines.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace {

namespace fs = std::filesystem;
using namespace fresh;

constexpr const char* image = "localhost/fresh-bench:1";
constexpr const char* our_name = "fresh-clone";
constexpr const char* floor_name = "floor";

struct Tool {
  std::string name;
  std::vector<std::string> up;
  std::vector<std::string> down;
  std::vector<std::string> config;
};

std::vector<Tool> tools_of(const std::string& binary, const fs::path& peers, const std::string& kind,
                           const std::string& uri) {
  std::vector<Tool> tools;
  const std::vector<std::string> ours{binary, "--engine", uri, "--progress", "quiet"};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  tools.push_back({our_name, with(ours, {"up"}), with(ours, {"down"}), with(ours, {"config"})});
  const auto peer = [&](const char* name, const std::vector<std::string>& up,
                        const std::vector<std::string>& down) {
    const std::string program = (peers / name).string();
    if (fs::exists(program)) {
      tools.push_back({name, with({program}, up), with({program}, down), {program, "config"}});
    } else {
      fmt::print("{} is not there: left out\n", name);
    }
  };
  if (kind == "docker") {
    peer("docker-compose", {"up", "-d", "--wait"}, {"down", "-t", "0"});
  } else {
    peer("podup", {"up", "-d", "--wait"}, {"down"});
  }
  return tools;
}

void load_image(engine::Engine& engine, const fs::path& folder) {
  const engine::Call call{.deadline = std::chrono::minutes(1)};
  source::OutputFile root(folder / "root.tar");
  source::TarWriter tar([&](std::string_view bytes) { root.write(bytes); }, 0);
  tar.folder("bin", 0755);
  tar.file_from("bin/busybox", 0755, "/bin/busybox");
  for (const char* tool : {"sh", "sleep", "touch", "test"}) {
    tar.link(std::string("bin/") + tool, "busybox");
  }
  tar.folder("tmp", 01777);
  tar.finish();
  root.close();
  source::OutputFile archive(folder / "image.tar");
  source::write_docker_archive(
      {.name = image, .root = folder / "root.tar", .architecture = "amd64", .command = {"/bin/sh"}},
      [&](std::string_view bytes) { archive.write(bytes); });
  archive.close();
  engine.load_image((folder / "image.tar").string(), call);
}

/// Times by what was measured ("up", "no-op up", ...) and by who did it.
class Table {
 public:
  void add(const std::string& what, const std::string& who, double value) {
    values_[what][who].push_back(value);
  }

  void print(const std::string& kind, const std::string& stack) const {
    for (const auto& [what, by_tool] : values_) {
      const auto& ours = by_tool.at(our_name);
      fmt::print("{:<7} {:<12} {:<14} {:8.1f} {:8.1f}{}\n", stack, what, our_name, bench::median(ours),
                 bench::least(ours),
                 verdict(bench::bars_of(kind, stack, what, our_name), bench::median(ours)));
      for (const auto& [who, values] : by_tool) {
        if (who != our_name) {
          const double faster = bench::median(values) / bench::median(ours);
          fmt::print("{:<7} {:<12} {:<14} {:8.1f} {:8.1f}  {:5.2f} x{}\n", "", "", who, bench::median(values),
                     bench::least(values), faster, verdict(bench::bars_of(kind, stack, what, who), faster));
        }
      }
    }
    std::fflush(stdout);
  }

 private:
  static std::string verdict(const std::optional<bench::Bar>& bar, double value) {
    return bar ? fmt::format("   bar {}: {}", bar->text(), bar->holds(value) ? "holds" : "NOT MET") : "";
  }

  std::map<std::string, std::map<std::string, std::vector<double>>> values_;
};

double took(const std::function<void()>& act) {
  const base::SystemClock clock;
  const auto start = clock.steady();
  act();
  return std::chrono::duration<double, std::milli>(clock.steady() - start).count();
}

class Bench {
 public:
  Bench(std::vector<Tool> tools, std::string kind, engine::Engine& engine, std::string uri, fs::path folder,
        int rounds)
      : tools_(std::move(tools)),
        kind_(std::move(kind)),
        engine_(engine),
        uri_(std::move(uri)),
        folder_(std::move(folder)),
        rounds_(rounds) {}

  void stack(const bench::Stack& stack) {
    const fs::path project = folder_ / stack.name;
    fs::create_directories(project);
    base::write_file_atomic(project / "compose.yaml", stack.compose_file(image));
    base::write_file_atomic(
        project / "fresh-clone.yaml",
        fmt::format("version: 1\nproject: {}\nstack: {{files: [compose.yaml]}}\n", stack.name));
    Table table;
    for (int round = 0; round <= rounds_; ++round) {
      for (const auto& tool : tools_) {
        // The first round warms the engine and is not counted.
        const auto count = [&](const std::string& what, const std::vector<std::string>& words) {
          const auto measured = run(words, project);
          if (round > 0) {
            table.add(what + " ms", tool.name, measured.milliseconds);
            table.add(what + " MB", tool.name, measured.peak_mb);
          }
        };
        count("up", tool.up);
        count("no-op up", tool.up);
        count("config", tool.config);
        count("down", tool.down);
      }
      const double up = took([&] { bench::floor_up(engine_, stack, image); });
      const double down = took([&] { bench::floor_down(engine_, stack); });
      if (round > 0) {
        table.add("up ms", floor_name, up);
        table.add("down ms", floor_name, down);
      }
    }
    table.print(kind_, stack.name);
  }

 private:
  bench::Measured run(const std::vector<std::string>& words, const fs::path& project) {
    auto measured = bench::measure({.words = words,
                                    .variables = {{"DOCKER_HOST", uri_},
                                                  {"CONTAINER_HOST", uri_},
                                                  {"XDG_CACHE_HOME", (folder_ / "cache").string()},
                                                  {"XDG_DATA_HOME", (folder_ / "data").string()}},
                                    .folder = project});
    if (!measured.passed) {
      std::string shown;
      for (const auto& word : words) {
        shown += word + " ";
      }
      throw std::runtime_error(fmt::format("'{}' failed:\n{}", shown, measured.errors));
    }
    return measured;
  }

  std::vector<Tool> tools_;
  std::string kind_;
  engine::Engine& engine_;
  std::string uri_;
  fs::path folder_;
  int rounds_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: bench_compose BINARY PEERS podman|docker [ROUNDS [STACK...]]\n");
    return 2;
  }
  try {
    const std::string kind = argv[3];
    const base::TemporaryFolder folder;
    const test::RealEngine real(kind, folder.path() / "engine", true);
    engine::Endpoint endpoint;
    endpoint.path = real.socket();
    const auto engine = engine::connect({endpoint, "bench", "the bench's own"}, {});
    load_image(*engine, folder.path());
    const int rounds = argc > 4 ? std::stoi(argv[4]) : 5;
    const std::set<std::string> wanted(argv + std::min(argc, 5), argv + argc);
    Bench bench(tools_of(fs::absolute(argv[1]).string(), fs::absolute(argv[2]), kind, real.uri()), kind,
                *engine, real.uri(), folder.path(), rounds);
    fmt::print("{} {}: median and least of {}, and how many times faster than it fresh-clone is\n", kind,
               engine->version().engine, rounds);
    for (const auto& stack :
         {bench::Stack{"one", 1, 0}, bench::Stack{"ten", 10, 0}, bench::Stack{"forty", 40, 0},
          bench::Stack{"chain5", 5, 1}, bench::Stack{"chain3", 3, 5}}) {
      if (wanted.empty() || wanted.contains(stack.name)) {
        bench.stack(stack);
      }
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    return 1;
  }
  return 0;
}
