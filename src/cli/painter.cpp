#include "cli/painter.h"

#include "exports/event_log.h"
#include "exports/plain_text.h"

#include <fmt/core.h>

#include <unistd.h>

namespace fresh::cli {
namespace {

using base::Event;

std::string took(const Event& event) {
  return event.took ? "  " + base::shown(*event.took) : std::string();
}

std::string_view gate_of(const Event& event) {
  constexpr std::string_view prefix = "gate:";
  const std::string_view subject = event.subject;
  return subject.starts_with(prefix) ? subject.substr(prefix.size()) : subject;
}

std::string_view colour_of(const Event& event) {
  if (event.outcome == "failed" || event.type == base::event_type::warning) {
    return event.outcome == "failed" ? "\x1b[31m" : "\x1b[33m";
  }
  if (event.type == base::event_type::gate_finished && event.outcome == "passed") {
    return "\x1b[32m";
  }
  return event.type == base::event_type::waiting ? "\x1b[2m" : "";
}

class PlainPainter final : public Painter {
 public:
  PlainPainter(std::FILE* stream, bool colour) : stream_(stream), colour_(colour) {}

  void paint(const Event& event) override {
    const std::string line = exports::visible_text(plain_line(event));
    if (line.empty()) {
      return;
    }
    const std::string_view colour = colour_ ? colour_of(event) : std::string_view();
    const std::string text = colour.empty() ? line + "\n" : fmt::format("{}{}\x1b[0m\n", colour, line);
    std::fwrite(text.data(), 1, text.size(), stream_);
    std::fflush(stream_);
  }

 private:
  std::FILE* stream_;
  bool colour_;
};

class JsonPainter final : public Painter {
 public:
  explicit JsonPainter(std::FILE* stream) : stream_(stream) {}

  void paint(const Event& event) override {
    const std::string line = exports::event_json(event) + "\n";
    std::fwrite(line.data(), 1, line.size(), stream_);
    std::fflush(stream_);
  }

 private:
  std::FILE* stream_;
};

class QuietPainter final : public Painter {
 public:
  void paint(const Event& /*event*/) override {}
};

}  // namespace

std::string plain_line(const Event& original) {
  namespace type = base::event_type;
  Event event = original;
  event.text = exports::one_line(original.text);
  if (event.type == type::gate_started) {
    return fmt::format("{:<20} {}", gate_of(event), event.text);
  }
  if (event.type == type::gate_finished) {
    return fmt::format("{:<20} {}{}{}", gate_of(event), event.outcome, took(event),
                       event.text.empty() ? "" : "  " + event.text);
  }
  if (event.type == type::step_finished) {
    return fmt::format("  {:<9} {}  {}{}", event.outcome, event.subject, event.text, took(event));
  }
  if (event.type == type::waiting && event.subject == "run") {
    return fmt::format("  ...       {}", event.text);
  }
  if (event.type == type::notice) {
    return fmt::format("  note      {}  {}", event.subject, event.text);
  }
  if (event.type == type::warning) {
    return fmt::format("  warning   {}  {}", event.subject, event.text);
  }
  return {};
}

std::unique_ptr<Painter> make_painter(Progress progress, std::FILE* stream, bool colour) {
  switch (progress) {
    case Progress::json:
      return std::make_unique<JsonPainter>(stream);
    case Progress::quiet:
      return std::make_unique<QuietPainter>();
    case Progress::automatic:
    case Progress::plain:
      break;
  }
  return std::make_unique<PlainPainter>(stream, colour);
}

bool wants_colour(int descriptor, const std::map<std::string, std::string>& environment) {
  const auto value = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  return ::isatty(descriptor) == 1 && value("NO_COLOR").empty() && value("TERM") != "dumb";
}

}  // namespace fresh::cli
