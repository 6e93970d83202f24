#include "notebooks/driver_report.h"

#include <nlohmann/json.hpp>

namespace fresh::notebooks {
namespace {

constexpr std::string_view mark = "fresh-clone/1 ";
constexpr std::size_t longest_line = std::size_t{1} << 20U;
constexpr std::size_t noise_lines = 20;

std::vector<std::string> lines_of(const nlohmann::json& event, const char* key) {
  return event.contains(key) ? event.at(key).get<std::vector<std::string>>() : std::vector<std::string>();
}

Finished read_finished(const nlohmann::json& event) {
  Finished finished{.status = event.at("status").get<std::string>(),
                    .reason = event.at("reason").get<std::string>(),
                    .cell = event.at("cell").get<int>(),
                    .cells_total = event.at("cells_total").get<int>(),
                    .cells_ok = event.at("cells_ok").get<int>(),
                    .executed_sha256 = event.value("executed_sha256", ""),
                    .executed_size = event.value("executed_size", std::int64_t{0})};
  if (event.contains("peak_memory") && event.at("peak_memory").is_number_integer()) {
    finished.peak_memory = event.at("peak_memory").get<std::int64_t>();
  }
  finished.tail = lines_of(event, "traceback");
  if (finished.tail.empty()) {
    finished.tail = lines_of(event, "kernel_log");
  }
  return finished;
}

}  // namespace

void DriverReportReader::feed(std::string_view bytes) {
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    pending_ += bytes.substr(0, end);
    line(pending_);
    pending_.clear();
    bytes.remove_prefix(end + 1);
  }
  pending_ += bytes;
  if (pending_.size() > longest_line) {
    noise(std::string_view(pending_).substr(0, 200));
    pending_.clear();
  }
}

void DriverReportReader::noise(std::string_view text) {
  if (report_.noise.size() == noise_lines) {
    report_.noise.erase(report_.noise.begin());
  }
  report_.noise.emplace_back(text);
}

void DriverReportReader::line(std::string_view text) {
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  if (!text.starts_with(mark)) {
    noise(text);
    return;
  }
  try {
    const auto event = nlohmann::json::parse(text.substr(mark.size()));
    const auto kind = event.at("event").get<std::string>();
    if (kind == "cell_started") {
      report_.running_cell = event.at("cell").get<int>();
      report_.cells_total = event.at("of").get<int>();
    } else if (kind == "cell") {
      const auto seconds = event.at("seconds").get<double>();
      report_.cells.push_back({event.at("cell").get<int>(), event.at("status").get<std::string>(),
                               std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000.0))});
      report_.running_cell = 0;
      report_.cells_total = event.at("of").get<int>();
      if (on_cell_) {
        on_cell_(report_.cells.back(), report_.cells_total);
      }
    } else if (kind == "finished") {
      report_.finished = read_finished(event);
    }
  } catch (const nlohmann::json::exception&) {
    noise(text);
  }
}

}  // namespace fresh::notebooks
