#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/error.h"
#include "cli/help_pages.h"
#include "document/refuse.h"

namespace fresh::cli {
namespace {

using base::Error;
using base::ExitCode;

/// Everything the options write into, before it is known which verb was meant.
struct Draft {
  std::string project = ".";
  std::string engine;
  std::string environment;
  std::string progress = "auto";
  bool json = false;
  RunVerb run;
  bool no_strict = false;
  bool no_reset = false;
  std::string run_id;
  std::string baseline;
  UpVerb up;
  DownVerb down;
  LogsVerb logs;
  int tail = -1;
  ImagesVerb images;
};

CLI::App* verb(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->footer(help_footer(name));
  sub->fallthrough();
  return sub;
}

/// An option that FRESH_CLONE_<NAME> stands in for when it is not given.
template <typename Value>
CLI::Option* option(CLI::App& app, const std::string& flag, Value& value, const std::string& description) {
  std::string name = flag.substr(flag.find("--") + 2);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  return app.add_option(flag, value, description)->envname("FRESH_CLONE_" + name);
}

/// More than any machine has: only so that the refusal of a slip names a range that people can read.
constexpr std::int64_t most = 1'000'000'000;

/// Refuses what is no whole number from `least` to `largest`, in words; CLI11's own range tells a slip and a wrong number
/// alike.
CLI::Validator whole_number(std::int64_t least, std::int64_t largest) {
  const std::string range = fmt::format("from {} to {}", least, largest);
  return {[=](const std::string& text) {
            std::int64_t value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
              return fmt::format("'{}' is no whole number, expected one {}", text, range);
            }
            const bool fits = error == std::errc() && value >= least && value <= largest;
            return fits ? std::string() : fmt::format("{} is out of range, expected a number {}", text, range);
          },
          fmt::format("{} to {}", least, largest), "whole_number"};
}

void add_global(CLI::App& app, Draft& draft) {
  option(app, "--project", draft.project, "the project's folder, with fresh-clone.yaml (default: this folder)");
  option(app, "--engine", draft.engine, "the engine's socket, e.g. unix:///run/podman/podman.sock; used or the command fails");
  option(app, "--environment", draft.environment, "the overlay of the stack: dev, staging or prod");
  option(app, "--progress", draft.progress, "what to show: auto, plain, json or quiet")
      ->check(CLI::IsMember({"auto", "plain", "json", "quiet"}));
  app.add_flag("--json", draft.json, "the result as JSON on standard output, nothing else there");
}

void add_run(CLI::App& app, Draft& draft) {
  CLI::App* run = verb(app, "run", "run the whole job: eleven gates, one PASS or FAIL");
  auto& settings = draft.run.settings;
  option(*run, "--run-id", draft.run_id, "the run's id (default: made from the time)");
  option(*run, "--seed", settings.seed, "the seed of everything random (default: 42)")
      ->check(whole_number(0, 4'294'967'295));
  option(*run, "--podman-machine", settings.machine_name, "the machine's name (default: podman-wxd)");
  option(*run, "--podman-cpus", settings.cpus, "demand this number of CPUs")->check(whole_number(1, most));
  option(*run, "--podman-memory-mb", settings.memory_mb, "demand this much memory, in MiB")->check(whole_number(1, most));
  option(*run, "--podman-disk-gb", settings.disk_gb, "demand this much disk, in GiB")->check(whole_number(1, most));
  run->add_flag("--strict-determinism,!--no-strict-determinism", settings.strict, "results must equal the baseline (default: on)");
  run->add_flag("--no-reset", draft.no_reset, "keep the state of the last run; recorded as the non-deterministic mode");
  run->add_flag("--skip-notebooks", settings.skip_notebooks, "diagnostics: the result says so, the determinism gate does not pass");
  run->add_flag("--locked", settings.locked, "moved Debian packages are an error (exit 30)");
  run->add_flag("--update-baseline", settings.update_baseline, "write the committed baseline (fresh-clone.lock) from this run's results");
  run->add_flag("--dry-run", draft.run.dry_run, "say what would be done, do nothing");
  option(*run, "--jobs", settings.jobs, "how many notebooks run at once")->check(whole_number(1, 64));
  option(*run, "--baseline", draft.baseline, "compare with this baseline file");
}

void add_stack(CLI::App& app, Draft& draft) {
  CLI::App* up = verb(app, "up", "bring the stack up behind its health gates; changes nothing when it is up");
  up->add_option("services", draft.up.services, "only these and what they depend on");
  up->add_option("--profile", draft.up.profiles, "activate a profile (repeatable)")->take_all();
  CLI::App* down = verb(app, "down", "remove the stack: containers and networks, with -v also volumes");
  down->add_flag("-v,--volumes", draft.down.volumes, "remove the project's volumes too");
  verb(app, "status", "what runs, and whether it is healthy now");
  verb(app, "ps", "the stack's containers");
  CLI::App* logs = verb(app, "logs", "what the services wrote");
  logs->add_option("services", draft.logs.services, "only these");
  logs->add_flag("-f,--follow", draft.logs.follow, "go on until Ctrl-C");
  logs->add_option("--tail", draft.tail, "only the last N lines of each")->check(whole_number(0, most));
  logs->add_flag("-t,--timestamps", draft.logs.timestamps, "with the time of each line");
  verb(app, "plan", "what `up` would do and why; cannot act");
  verb(app, "config", "the compose model in its canonical form");
  verb(app, "validate", "check fresh-clone.yaml and the compose files");
}

void add_images(CLI::App& app, Draft& draft) {
  CLI::App* images = verb(app, "images", "the project's images, step by step");
  images->require_subcommand(1);
  const auto add = [&](const std::string& name, ImagesVerb::Action action, const std::string& description) {
    CLI::App* sub = images->add_subcommand(name, description);
    sub->fallthrough();
    sub->add_option("names", draft.images.names, "only these images");
    sub->add_flag("--locked", draft.images.locked, "moved Debian packages are an error");
    sub->add_option("--jobs", draft.images.jobs, "how many at once")->check(whole_number(1, 16));
    sub->callback([&draft, action] { draft.images.action = action; });
  };
  add("fetch", ImagesVerb::Action::fetch, "fetch the inputs that the locks name into the cache");
  add("build", ImagesVerb::Action::build, "build or pull every image");
  add("lock", ImagesVerb::Action::lock, "fetch anew and write the locks");
  add("list", ImagesVerb::Action::list, "each image and whether it is up to date");
}

void add_engine(CLI::App& app, EngineVerb& engine_verb) {
  CLI::App* engine = verb(app, "engine", "the embedded engine");
  engine->require_subcommand(1);
  const auto add = [&](const std::string& name, EngineVerb::Action action, const std::string& description) {
    CLI::App* sub = engine->add_subcommand(name, description);
    sub->fallthrough();
    sub->callback([&engine_verb, action] { engine_verb.action = action; });
  };
  add("start", EngineVerb::Action::start, "start a private podman service that fits this host");
  add("status", EngineVerb::Action::status, "which engine would be used, and why");
  add("stop", EngineVerb::Action::stop, "stop the private podman service");
}

std::vector<std::string> names_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) {
    names.push_back(sub->get_name());
  }
  for (const CLI::Option* known : app.get_options()) {
    names.push_back(known->get_name());
  }
  return names;
}

const CLI::App& deepest_parsed(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : deepest_parsed(*parsed.front());
}

/// The word on the command line that nobody knows, with the nearest one that somebody does.
std::string suggestion(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> known = names_of(app);
  const auto more = names_of(deepest_parsed(app));
  known.insert(known.end(), more.begin(), more.end());
  for (const auto& word : words) {
    const std::string bare = word.substr(0, word.find('='));
    if (std::find(known.begin(), known.end(), bare) != known.end()) {
      continue;
    }
    if (const std::string near = document::nearest(bare, known); !near.empty()) {
      return "did you mean '" + near + "'?";
    }
  }
  return "see 'fresh-clone --help'";
}

void fill_run(Draft& draft) {
  auto& settings = draft.run.settings;
  settings.reset = !draft.no_reset;
  if (!draft.run_id.empty()) {
    settings.run_id = draft.run_id;
  }
  if (!draft.baseline.empty()) {
    settings.baseline_file = draft.baseline;
  }
}

Progress progress_of(const std::string& word) {
  if (word == "plain") {
    return Progress::plain;
  }
  if (word == "json") {
    return Progress::json;
  }
  return word == "quiet" ? Progress::quiet : Progress::automatic;
}

Arguments finish(const CLI::App& app, Draft& draft, EngineVerb engine,
                 const std::map<std::string, std::string>& environment) {
  Arguments result;
  result.surroundings.project_folder = std::filesystem::absolute(draft.project).lexically_normal();
  result.surroundings.variables = environment;
  if (!draft.engine.empty()) {
    result.surroundings.engine = draft.engine;
  }
  if (!draft.environment.empty()) {
    result.surroundings.environment = draft.environment;
  }
  result.progress = progress_of(draft.progress);
  result.json = draft.json;
  if (draft.tail >= 0) {
    draft.logs.tail = draft.tail;
  }
  fill_run(draft);
  const std::map<std::string, std::function<void()>> verbs{
      {"run", [&] { result.verb = draft.run; }},         {"up", [&] { result.verb = draft.up; }},
      {"down", [&] { result.verb = draft.down; }},       {"status", [&] { result.verb = StatusVerb{.health = true}; }},
      {"ps", [&] { result.verb = StatusVerb{.health = false}; }}, {"logs", [&] { result.verb = draft.logs; }},
      {"plan", [&] { result.verb = PlanVerb{}; }},       {"config", [&] { result.verb = ConfigVerb{}; }},
      {"validate", [&] { result.verb = ValidateVerb{}; }}, {"images", [&] { result.verb = draft.images; }},
      {"engine", [&] { result.verb = engine; }}};
  const auto parsed = app.get_subcommands();
  verbs.at(parsed.front()->get_name())();
  return result;
}

}  // namespace

Arguments parse(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment) {
  CLI::App app("From a fresh git clone, one command brings the stack up, runs the notebooks and proves the results.",
               "fresh-clone");
  app.set_version_flag("--version", "fresh-clone " FRESH_VERSION);
  app.footer("Start here:\n  fresh-clone run --strict-determinism\n\nEach command has its own help: fresh-clone run --help");
  app.require_subcommand(1);
  Draft draft;
  EngineVerb engine;
  add_global(app, draft);
  add_run(app, draft);
  add_stack(app, draft);
  add_images(app, draft);
  add_engine(app, engine);
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return {.verb = ShowText{deepest_parsed(app).help()}};
  } catch (const CLI::CallForVersion&) {
    return {.verb = ShowText{"fresh-clone " FRESH_VERSION "\n"}};
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    message.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(message.front())));
    throw Error(ExitCode::usage, message, suggestion(app, words));
  }
  return finish(app, draft, engine, environment);
}

}  // namespace fresh::cli
