#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace fresh::test {

/// How a program ended. A signal counts as 128 + its number, as in a shell.
struct Ended {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// A program that runs in a process group of its own, as one started from a terminal does; killed at the end
/// of scope.
class Program {
 public:
  Program(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
          const std::filesystem::path& output_folder);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// Sends a signal to the whole group, as Ctrl-C does.
  void signal(int number) const;
  bool running();
  /// What it wrote to stderr so far.
  std::string err_so_far() const;
  /// Where its stdout goes.
  const std::filesystem::path& out_file() const { return out_; }
  /// Waits for its end; kills it at the deadline, which is then the exit code 137.
  Ended wait(std::chrono::seconds deadline);

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

/// True as soon as `check` is; false when it is still not at the deadline.
bool eventually(const std::function<bool()>& check, std::chrono::milliseconds deadline);

}  // namespace fresh::test
