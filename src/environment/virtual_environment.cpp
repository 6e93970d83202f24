#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "environment/installed.h"
#include "environment/tool_run.h"

#include <fmt/core.h>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace fresh::environment {
namespace {

constexpr base::Milliseconds question_deadline = std::chrono::seconds(60);

/// The lock as a requirements file: itself, or what uv exports from a uv.lock.
struct LockInUse {
  std::filesystem::path file;
  Lock lock;
};

LockInUse lock_in_use(const Task& task, Provider provider) {
  const auto declared = task.spec.lock(provider);
  const std::string text = read_lock(task, provider);
  if (declared.filename() != "uv.lock") {
    return {.file = task.project / declared, .lock = parse_requirements(text, declared.string())};
  }
  if (provider != Provider::uv) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("provider '{}' reads no uv.lock", shown(provider)),
                      "declare a requirements lock for it under environment.lock");
  }
  std::vector<std::string> argv = task.facts.uv;
  const std::string folder = (task.project / declared).parent_path().string();
  // --locked refuses a uv.lock that no longer fits its pyproject.toml.
  argv.insert(argv.end(), {"export", "--locked", "--no-emit-project", "--format", "requirements-txt",
                           "--project", folder, "--python", task.facts.python});
  const std::string exported = run_tool(task, "exporting uv.lock", std::move(argv));
  const auto file = environment_folder(task.project, provider).parent_path() / "uv-export.txt";
  base::write_file_atomic(file, exported);
  return {.file = file, .lock = parse_requirements(exported, declared.string())};
}

/// What the environment's interpreter has, or nothing when there is none that runs.
std::optional<Installed> observe_installed(const Task& task, const std::filesystem::path& python) {
  std::error_code ignored;
  if (!std::filesystem::exists(python, ignored)) {
    return std::nullopt;
  }
  const auto result = base::run_command(
      {.argv = {python.string(), "-I", "-c", std::string(installed_query())}, .deadline = question_deadline},
      task.stop);
  return result.exit_code == 0 ? std::optional(parse_installed(result.out)) : std::nullopt;
}

/// A version such as 3.11 in the spec holds for an environment that an earlier run made, too.
bool has_declared_python(const EnvironmentSpec& spec, const Installed& installed) {
  const bool is_path = spec.python.find('/') != std::string::npos;
  const auto version = installed.markers.find("python_full_version");
  return spec.python.empty() || is_path ||
         (version != installed.markers.end() && (version->second + ".").rfind(spec.python + ".", 0) == 0);
}

void make_with_uv(const Task& task, const EnvironmentReport& report, const std::filesystem::path& lock) {
  const auto uv = [&](const std::string& text, const std::vector<std::string>& words) {
    std::vector<std::string> argv = task.facts.uv;
    argv.insert(argv.end(), words.begin(), words.end());
    run_tool(task, text, std::move(argv));
  };
  std::filesystem::remove_all(report.folder);
  uv("making a virtual environment with uv",
     {"venv", "--no-project", "--python", task.facts.python, report.folder.string()});
  uv("installing the locked packages with uv", {"pip", "sync", "--python", report.python.string(),
                                                "--require-hashes", "--only-binary", ":all:", lock.string()});
  uv("checking the packages' own demands", {"pip", "check", "--python", report.python.string()});
}

void make_with_venv(const Task& task, const EnvironmentReport& report, const std::filesystem::path& lock) {
  std::filesystem::remove_all(report.folder);
  run_tool(task, "making a virtual environment with venv",
           {task.facts.python, "-I", "-m", "venv", report.folder.string()});
  run_tool(task, "installing the locked packages with pip",
           {report.python.string(), "-m", "pip", "install", "--require-hashes", "--only-binary",
            ":all:", "--no-input", "--disable-pip-version-check", "--quiet", "-r", lock.string()});
}

}  // namespace

void ensure_virtual_environment(const Task& task, Provider provider, EnvironmentReport& report) {
  const LockInUse in_use = lock_in_use(task, provider);
  report.folder = environment_folder(task.project, provider);
  report.python = report.folder / "bin" / "python";
  report.fingerprint = fingerprint(in_use.lock);
  report.packages = in_use.lock.requirements.size();
  // `python3 -m venv` puts its own installer into the environment.
  const std::vector<std::string> tools = provider == Provider::venv
                                             ? std::vector<std::string>{"pip", "setuptools", "wheel"}
                                             : std::vector<std::string>{};

  const auto before = observe_installed(task, report.python);
  if (before && has_declared_python(task.spec, *before) && difference(in_use.lock, *before, tools).empty()) {
    report.notes.emplace_back("the environment already equalled its lock");
    return;
  }
  if (before) {
    const std::string moved = to_string(difference(in_use.lock, *before, tools));
    report.notes.push_back(fmt::format("made anew, because it differed from its lock ({})",
                                       moved.empty() ? "another python" : moved));
  }
  report.changed = true;
  if (provider == Provider::uv) {
    make_with_uv(task, report, in_use.file);
  } else {
    make_with_venv(task, report, in_use.file);
  }
  const auto after = observe_installed(task, report.python);
  if (!after) {
    throw base::Error(base::ExitCode::precheck, fmt::format("'{}' does not run", report.python.string()),
                      fmt::format("remove '{}' and run again", report.folder.string()));
  }
  if (const Difference left = difference(in_use.lock, *after, tools); !left.empty()) {
    throw base::Error(
        base::ExitCode::precheck,
        fmt::format("the environment differs from the lock '{}': {}", report.lock.string(), to_string(left)),
        fmt::format("remove '{}' and run again; if it stays, lock anew", report.folder.string()));
  }
}

}  // namespace fresh::environment
