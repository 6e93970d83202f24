#include "cli/arguments.h"

#include "base/error.h"
#include "cli/help_pages.h"
#include "cli/refused_flags.h"
#include "cli/suggestion.h"
#include "cli/verb_options.h"
#include "compose/load.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

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
  std::vector<std::string> files;
  std::string project_directory;
  std::vector<std::string> env_files;
  pipeline::ComposeFlags compose;
  ConfigVerb config;
  std::string config_format;
  ImagesVerb images;
  std::optional<ImagesVerb::Action> step;
  bool quiet = false;
  std::string images_format;
};

/// An option that FRESH_CLONE_<NAME> stands in for when it is not given.
template <typename Value>
CLI::Option* option(CLI::App& app, const std::string& flag, Value& value, const std::string& description) {
  std::string name = flag.substr(flag.find("--") + 2);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return app.add_option(flag, value, description)->envname("FRESH_CLONE_" + name);
}

void add_global(CLI::App& app, Draft& draft) {
  option(app, "--project", draft.project,
         "the project's folder, with fresh-clone.yaml (default: this folder)");
  option(app, "--engine", draft.engine,
         "the engine's socket, e.g. unix:///run/podman/podman.sock; used or the command fails");
  option(app, "--environment", draft.environment, "the overlay of the stack: dev, staging or prod");
  option(app, "--progress", draft.progress, "what to show: auto, plain, json or quiet")
      ->check(one_of("--progress", {"auto", "plain", "json", "quiet"}));
  const auto repeated = [&](const std::string& flag, std::vector<std::string>& values,
                            const std::string& text) {
    app.add_option(flag, values, text)->take_all()->allow_extra_args(false);
  };
  repeated("-f,--file", draft.files,
           "a compose file, in place of those that are found; - is standard input (repeatable)");
  app.add_option("-p,--project-name", draft.compose.project_name,
                 "the project's name, in place of the declared one");
  app.add_option("--project-directory", draft.project_directory,
                 "what relative paths of compose files count from");
  repeated("--env-file", draft.env_files, "a file of variables, in place of .env (repeatable)");
  repeated("--profile", draft.compose.profiles, "activate a profile (repeatable)");
  app.add_flag("--json", draft.json, "the result as JSON on standard output, nothing else there");
}

CLI::App* add_run(Verbs& verbs, Draft& draft) {
  CLI::App* run = verbs.add("run", "run the whole job: eleven gates, one PASS or FAIL");
  if (run == nullptr) {
    return nullptr;
  }
  auto& settings = draft.run.settings;
  option(*run, "--run-id", draft.run_id, "the run's id (default: made from the time)");
  option(*run, "--seed", settings.seed, "the seed of everything random (default: 42)")
      ->check(whole_number(0, 4'294'967'295));
  option(*run, "--podman-machine", settings.machine_name, "the machine's name (default: podman-wxd)");
  option(*run, "--podman-cpus", settings.cpus, "demand this number of CPUs")->check(whole_number(1, most));
  option(*run, "--podman-memory-mb", settings.memory_mb, "demand this much memory, in MiB")
      ->check(whole_number(1, most));
  option(*run, "--podman-disk-gb", settings.disk_gb, "demand this much disk, in GiB")
      ->check(whole_number(1, most));
  run->add_flag("--strict-determinism,!--no-strict-determinism", settings.strict,
                "results must equal the baseline (default: on)");
  run->add_flag("--no-reset", draft.no_reset,
                "keep the state of the last run; recorded as the non-deterministic mode");
  run->add_flag("--skip-notebooks", settings.skip_notebooks,
                "diagnostics: the result says so, the determinism gate does not pass");
  run->add_flag("--locked", settings.locked, "moved Debian packages are an error (exit 30)");
  run->add_flag("--update-baseline", settings.update_baseline,
                "write the committed baseline (fresh-clone.lock) from this run's results");
  run->add_flag("--dry-run", draft.run.dry_run, "say what would be done, do nothing");
  option(*run, "--jobs", settings.jobs, "how many notebooks run at once")->check(whole_number(1, 64));
  option(*run, "--baseline", draft.baseline, "compare with this baseline file");
  return run;
}

void add_config(Verbs& verbs, Draft& draft) {
  using Show = pipeline::ConfigRequest::Show;
  CLI::App* config = verbs.add("config", "the compose model in its canonical form");
  if (config == nullptr) {
    return;
  }
  auto& request = draft.config.request;
  config->add_option("services", request.services, "only these and what they depend on");
  config->add_option("--format", draft.config_format, "yaml or json")
      ->check(one_of("--format", {"yaml", "json"}));
  config->add_flag("--no-interpolate{false}", request.interpolate, "leave variables as they are written");
  config->add_flag("--strict", request.strict, "refuse keys that an engine ignores");
  config->add_flag("-q,--quiet", draft.config.quiet, "only check, print nothing");
  config->add_option("-o,--output", draft.config.output, "write it to this file, not to standard output");
  config->add_option("--hash", request.hash, "the config hash of services: * or names with commas between");
  const auto list = [&](const char* flag, Show show) {
    config->add_flag_callback(
        flag, [&request, show] { request.show = show; }, "names alone, one a line");
  };
  list("--services", Show::services);
  list("--images", Show::images);
  list("--volumes", Show::volumes);
  list("--networks", Show::networks);
  list("--profiles", Show::profiles);
  list("--variables", Show::variables);
}

void add_images(Verbs& verbs, Draft& draft) {
  CLI::App* images = verbs.add("images", "the images of the services; or the project's images, step by step");
  if (images == nullptr) {
    return;
  }
  images->require_subcommand(0, 1);
  images->add_option("services", draft.images.names, "without a step: the images of these services");
  images->add_flag("-q,--quiet", draft.quiet, "without a step: only ids");
  images->add_option("--format", draft.images_format, "without a step: table, json or a template");
  const auto add = [&](const std::string& name, ImagesVerb::Action action, const std::string& description) {
    CLI::App* sub = images->add_subcommand(name, description);
    sub->fallthrough();
    sub->add_option("names", draft.images.names, "only these images");
    sub->add_flag("--locked", draft.images.locked, "moved Debian packages are an error");
    sub->add_option("--jobs", draft.images.jobs, "how many at once")->check(whole_number(1, 16));
    sub->callback([&draft, action] { draft.step = action; });
  };
  add("fetch", ImagesVerb::Action::fetch, "fetch the inputs that the locks name into the cache");
  add("build", ImagesVerb::Action::build, "build or pull every image");
  add("lock", ImagesVerb::Action::lock, "fetch anew and write the locks");
  add("list", ImagesVerb::Action::list, "each image and whether it is up to date");
}

void add_engine(Verbs& verbs, EngineVerb& engine_verb) {
  CLI::App* engine = verbs.add("engine", "the embedded engine");
  if (engine == nullptr) {
    return;
  }
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

/// A value that does not fit is no unknown word.
std::string hint_to(const CLI::ParseError& error, const CLI::App& app) {
  const CLI::App& verb = deepest_parsed(app);
  std::vector<std::string> known = names_of(app);
  const auto more = names_of(verb);
  known.insert(known.end(), more.begin(), more.end());
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  const bool unknown = code == CLI::ExitCodes::ExtrasError || code == CLI::ExitCodes::RequiredError;
  const auto words = unknown ? app.remaining(true) : std::vector<std::string>();
  const std::string name = &verb == &app ? "" : verb.get_name();
  const std::string why = why_refused(name, words);
  return why.empty() ? suggestion(words, known, name) : why;
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

std::vector<std::filesystem::path> absolute(const std::vector<std::string>& paths) {
  std::vector<std::filesystem::path> result;
  result.reserve(paths.size());
  for (const auto& path : paths) {
    result.push_back(std::filesystem::absolute(path).lexically_normal());
  }
  return result;
}

Arguments finish(const std::string& verb, Draft& draft, StackVerbs& stack, EngineVerb engine,
                 const std::vector<std::string>& command,
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
  std::replace(draft.files.begin(), draft.files.end(), std::string("-"),
               std::string(compose::standard_input));
  draft.compose.files = absolute(draft.files);
  draft.compose.env_files = absolute(draft.env_files);
  if (!draft.project_directory.empty()) {
    draft.compose.project_directory = absolute({draft.project_directory}).front();
  }
  result.surroundings.compose = draft.compose;
  result.progress = progress_of(draft.progress);
  result.json = draft.json;
  fill_run(draft);
  if (stack.finish(verb, command, result)) {
    return result;
  }
  if (verb == "run") {
    result.verb = draft.run;
  } else if (verb == "config") {
    draft.config.request.json = draft.json || draft.config_format == "json";
    if (!draft.config.request.hash.empty()) {
      draft.config.request.show = pipeline::ConfigRequest::Show::hash;
    }
    result.verb = draft.config;
  } else if (verb == "validate") {
    result.verb = ValidateVerb{};
  } else if (verb == "engine") {
    result.verb = engine;
  } else if (draft.step) {
    if (!draft.images_format.empty()) {
      throw base::Error(base::ExitCode::usage, "--format is for 'images' without a step",
                        "fresh-clone images --format json");
    }
    draft.images.action = *draft.step;
    result.verb = draft.images;
  } else {
    ServiceImagesVerb list;
    list.services = draft.images.names;
    list.quiet = draft.quiet;
    list.format = checked_format("images", draft.images_format, result.json);
    result.verb = list;
  }
  return result;
}

}  // namespace

CLI::App* Verbs::add(const std::string& name, const std::string& description) {
  CLI::App* sub = app_.add_subcommand(name, description);
  if (std::find(words_.begin(), words_.end(), name) == words_.end()) {
    return nullptr;
  }
  sub->footer(help_footer(name));
  sub->fallthrough();
  return sub;
}

Arguments parse(const std::vector<std::string>& words,
                const std::map<std::string, std::string>& environment) {
  CLI::App app(
      "From a fresh git clone, one command brings the stack up, runs the notebooks and proves the results.",
      "fresh-clone");
  app.set_version_flag("--version", "fresh-clone " FRESH_VERSION);
  app.footer(
      "Start here:\n  fresh-clone run --strict-determinism\n\nEach command has its own help: fresh-clone run "
      "--help");
  app.require_subcommand(1);
  Draft draft;
  EngineVerb engine;
  add_global(app, draft);
  Verbs verbs(app, words);
  CLI::App* run = add_run(verbs, draft);
  const auto job = run != nullptr ? run->get_options() : std::vector<CLI::Option*>();
  StackVerbs stack;
  stack.add(verbs, run);
  add_config(verbs, draft);
  verbs.add("validate", "check fresh-clone.yaml and the compose files");
  add_images(verbs, draft);
  add_engine(verbs, engine);
  std::vector<std::string> own = words;
  std::vector<std::string> command;
  try {
    command = cut_command(app, own);
    app.parse(std::vector<std::string>(own.rbegin(), own.rend()));
  } catch (const CLI::CallForHelp&) {
    return {.verb = ShowText{deepest_parsed(app).help()}};
  } catch (const CLI::CallForVersion&) {
    return {.verb = ShowText{"fresh-clone " FRESH_VERSION "\n"}};
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    message.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(message.front())));
    throw Error(ExitCode::usage, message, hint_to(error, app));
  }
  // An unset variable of a script must not act on an engine that nobody named.
  if (app.get_option("--engine")->count() > 0 && draft.engine.empty()) {
    throw Error(ExitCode::usage, "--engine is empty, expected the address of an engine",
                "look whether the variable that it comes from is set, or leave --engine out");
  }
  const std::string verb = app.get_subcommands().front()->get_name();
  if (verb == "run") {
    check_run(*run, {job.begin(), job.end()}, own);
  }
  return finish(verb, draft, stack, engine, command, environment);
}

}  // namespace fresh::cli
