#include "scenarios/program.h"

#include "base/clock.h"
#include "base/file.h"

#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace fresh::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

/// Our environment with `added` in place of what it has of the same name.
std::vector<std::string> merged(const std::map<std::string, std::string>& added) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    all[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : added) {
    all[name] = value;
  }
  std::vector<std::string> result;
  for (const auto& [name, value] : all) {
    result.push_back(name + "=" + value);
  }
  return result;
}

void open_as(const char* path, int flags, int target) {
  const int opened = ::open(path, flags, 0644);
  if (opened < 0 || ::dup2(opened, target) < 0) {
    ::_exit(126);
  }
}

}  // namespace

Program::Program(const std::vector<std::string>& command,
                 const std::map<std::string, std::string>& environment,
                 const std::filesystem::path& output_folder)
    : out_(output_folder / "stdout"), err_(output_folder / "stderr") {
  std::filesystem::create_directories(output_folder);
  auto words = command;
  auto variables = merged(environment);
  const auto argv = pointers(words);
  const auto envp = pointers(variables);
  pid_ = ::fork();
  if (pid_ < 0) {
    throw std::runtime_error("fork failed");
  }
  if (pid_ == 0) {
    ::setpgid(0, 0);
    open_as("/dev/null", O_RDONLY, STDIN_FILENO);
    open_as(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    open_as(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);
}

Program::~Program() {
  if (!ended_) {
    signal(SIGKILL);
    ::waitpid(pid_, &status_, 0);
  }
}

void Program::signal(int number) const {
  ::kill(-pid_, number);
}

bool Program::running() {
  if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) {
    ended_ = true;
  }
  return !ended_;
}

std::string Program::err_so_far() const {
  return base::read_file_if_exists(err_).value_or("");
}

Ended Program::wait(std::chrono::seconds deadline) {
  if (!eventually([this] { return !running(); }, deadline)) {
    signal(SIGKILL);
    ::waitpid(pid_, &status_, 0);
    ended_ = true;
  }
  return {.exit_code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_),
          .out = base::read_file(out_),
          .err = base::read_file(err_)};
}

bool eventually(const std::function<bool()>& check, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!check()) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    base::SystemClock().wait(base::Milliseconds(20), {});
  }
  return true;
}

}  // namespace fresh::test
