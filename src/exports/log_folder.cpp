#include "exports/log_folder.h"

#include "base/error.h"
#include "base/sha256.h"
#include "exports/plain_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace fresh::exports {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t hash_digits = 8;
constexpr std::streamoff tail_bytes = std::streamoff{64} * 1024;
constexpr const char* pipeline_log = "pipeline";

std::string reason(int error_number) {
  return std::system_category().message(error_number);
}

bool is_kept(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

/// The reason why `line` could not be appended, or 0.
int append_line(const std::filesystem::path& file, std::string_view line) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor < 0) {
    return errno;
  }
  int error_number = 0;
  while (!line.empty() && error_number == 0) {
    const ssize_t count = ::write(descriptor, line.data(), line.size());
    if (count >= 0) {
      line.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      error_number = errno;
    }
  }
  ::close(descriptor);
  return error_number;
}

}  // namespace

LogFolder::LogFolder(const std::filesystem::path& folder, const base::Clock& clock)
    : folder_(folder / "logs"), clock_(clock) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const int failed = error ? error.value() : append_line(folder_ / fmt::format("{}.log", pipeline_log), "");
  if (failed != 0) {
    throw base::Error(base::ExitCode::outputs,
                      fmt::format("cannot write logs to '{}': {}", folder_.string(), reason(failed)),
                      fmt::format("make '{}' a folder that you can write to", folder.string()));
  }
}

void LogFolder::hear(const base::Event& event) {
  const std::scoped_lock lock(mutex_);
  if (event.type == base::event_type::log_line) {
    append(log_name(event.subject), plain_text(event.text));
    return;
  }
  std::string line = fmt::format("{} {} {} {}", base::rfc3339(clock_.wall()), event.type,
                                 one_line(event.subject), one_line(event.text));
  if (!event.outcome.empty()) {
    line += fmt::format(" [{}]", event.outcome);
  }
  if (event.took) {
    line += fmt::format(" {}", base::shown(*event.took));
  }
  append(pipeline_log, line);
}

void LogFolder::append(const std::string& name, std::string_view line) {
  const std::filesystem::path file = folder_ / fmt::format("{}.log", name);
  if (const int failed = append_line(file, fmt::format("{}\n", line)); failed != 0 && !failure_) {
    failure_ = fmt::format("cannot write '{}': {}", file.string(), reason(failed));
  }
}

LogTail LogFolder::tail(const std::string& subject, std::size_t count) const {
  const std::scoped_lock lock(mutex_);
  const std::string name = fmt::format("{}.log", log_name(subject));
  std::ifstream file(folder_ / name, std::ios::binary | std::ios::ate);
  if (!file) {
    return {};
  }
  const std::streamoff size = file.tellg();
  const bool is_cut = size > tail_bytes;
  file.seekg(is_cut ? size - tail_bytes : 0);
  LogTail tail{.file = "logs/" + name, .lines = {}};
  std::string line;
  if (is_cut) {
    std::getline(file, line);  // most likely the rest of a line
  }
  while (std::getline(file, line)) {
    tail.lines.push_back(line);
  }
  const std::size_t surplus = tail.lines.size() - std::min(count, tail.lines.size());
  tail.lines.erase(tail.lines.begin(), tail.lines.begin() + static_cast<std::ptrdiff_t>(surplus));
  return tail;
}

std::optional<std::string> LogFolder::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

std::string log_name(std::string_view subject) {
  std::string name;
  bool is_exact = !subject.empty() && subject[0] != '.';
  for (const char c : subject) {
    if (c == '/') {
      name += "__";
    } else if (c == ':') {
      name += '-';
    } else {
      is_exact = is_exact && is_kept(c);
      name += is_kept(c) ? c : '-';
    }
  }
  if (is_exact && name.size() <= longest_name && name != pipeline_log) {
    return name;
  }
  name.resize(std::min(name.size(), longest_name));
  if (name.empty() || name[0] == '.') {
    name.insert(0, "log");
  }
  return fmt::format("{}-{}", name, base::sha256_hex(subject).substr(0, hash_digits));
}

}  // namespace fresh::exports
