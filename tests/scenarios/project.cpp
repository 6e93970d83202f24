#include "scenarios/project.h"

#include "base/process.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto longest_command = std::chrono::seconds(1'200);  // a first build of the demo's images

}  // namespace

std::string must(const std::vector<std::string>& command, const fs::path& folder) {
  const auto result =
      base::run_command({.argv = command, .folder = folder, .deadline = std::chrono::minutes(3)}, {});
  if (result.exit_code != 0) {
    throw std::runtime_error(command.front() + " failed: " + result.err + result.out);
  }
  return result.out;
}

json RunOutcome::status() const {
  const auto text = base::read_file_if_exists(folder / "status.json");
  return text ? json::parse(*text) : json();
}

json RunOutcome::gate(const std::string& wanted) const {
  for (const auto& gate : status().value("gates", json::array())) {
    if (gate.value("id", "") == wanted) {
      return gate;
    }
  }
  return {};
}

json RunOutcome::leaves() const {
  return json::parse(base::read_file(folder / "fingerprint.json")).at("results");
}

std::string RunOutcome::last_line() const {
  std::string text = ended.out.find("run=" + id) == std::string::npos ? ended.err : ended.out;
  while (text.ends_with('\n')) {
    text.pop_back();
  }
  return text.substr(text.rfind('\n') + 1);
}

void Project::small_stack(const fs::path& folder) {
  fs::copy(FRESH_SOURCE_DIR "/tests/scenarios/small_stack", folder, fs::copy_options::recursive);
  fs::rename(folder / "gitignore", folder / ".gitignore");
  must({"git", "init", "-q", "-b", "main"}, folder);
  must({"git", "config", "user.name", "scenario"}, folder);
  must({"git", "config", "user.email", "scenario@example.invalid"}, folder);
  must({"git", "add", "-A"}, folder);
  must({"git", "commit", "-q", "-m", "the small stack"}, folder);
}

Project::Project(const RealEngine* engine, const std::function<void(const fs::path&)>& fill)
    : engine_(engine), temporary_("fresh-scenario"), folder_(temporary_.path() / "project") {
  fill(folder_);
  variables_ = {{"XDG_DATA_HOME", (temporary_.path() / "data").string()},
                {"XDG_CACHE_HOME", FRESH_TEST_CACHE},
                {"NO_COLOR", "1"}};
}

Project::~Project() {
  const std::string script =
      "awk -v d=\"$0/\" 'index($5, d) == 1 {print $5}' /proc/self/mountinfo | sort -r | xargs -r -n 1 umount "
      "-l";
  base::run_command(
      {.argv = {"sh", "-c", script, temporary_.path().string()}, .deadline = std::chrono::seconds(20)}, {});
}

void Project::write(const std::string& file, const std::string& content) const {
  base::write_file_atomic(folder_ / file, content);
}

void Project::edit(const std::string& file, const std::string& from, const std::string& to) const {
  std::string text = base::read_file(folder_ / file);
  const auto place = text.find(from);
  if (place == std::string::npos || text.find(from, place + 1) != std::string::npos) {
    throw std::runtime_error("'" + from + "' is not exactly once in " + file);
  }
  write(file, text.replace(place, from.size(), to));
}

void Project::remove(const std::string& file) const {
  if (fs::remove_all(folder_ / file) == 0) {
    throw std::runtime_error("there is no " + file);
  }
}

void Project::commit(const std::string& message) const {
  must({"git", "add", "-A"}, folder_);
  must({"git", "commit", "-q", "-m", message}, folder_);
}

std::unique_ptr<Program> Project::start(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = prefix_;
  words.insert(words.end(), {binary_.string(), "--project", folder_.string()});
  const bool chosen = std::find(arguments.begin(), arguments.end(), "--engine") != arguments.end();
  if (engine_ != nullptr && !chosen) {
    words.insert(words.end(), {"--engine", engine_->uri()});
  }
  words.insert(words.end(), arguments.begin(), arguments.end());
  if (engine_ != nullptr) {
    words = engine_->inside(words);
  }
  return std::make_unique<Program>(words, variables_,
                                   temporary_.path() / ("command" + std::to_string(++commands_)));
}

Ended Project::command(const std::vector<std::string>& arguments) {
  return start(arguments)->wait(longest_command);
}

RunOutcome Project::run(std::vector<std::string> arguments) {
  const std::string id = next_id();
  arguments.insert(arguments.begin(), {"run", "--run-id", id});
  return outcome(command(arguments), id);
}

RunOutcome Project::outcome(Ended ended, const std::string& id) const {
  return {.ended = std::move(ended), .id = id, .folder = folder_ / "exports" / id};
}

}  // namespace fresh::test
