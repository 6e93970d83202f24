#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace fresh::determinism::test {

/// The JSON of an executed notebook, cell by cell: sources and outputs are JSON texts.
class NotebookText {
 public:
  /// A code cell that was executed as the next one.
  NotebookText& cell(const std::string& source, const std::string& outputs = "",
                     const std::string& metadata = "{}") {
    return raw(
        fmt::format(R"({{"cell_type":"code","metadata":{},"execution_count":{},"source":{},"outputs":[{}]}})",
                    metadata, ++executed_, source, outputs));
  }
  NotebookText& raw(std::string cell) {
    cells_.push_back(std::move(cell));
    return *this;
  }
  std::string text(const std::string& metadata = "{}") const {
    return fmt::format(R"({{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{}]}})", metadata,
                       fmt::join(cells_, ","));
  }

 private:
  int executed_ = 0;
  std::vector<std::string> cells_;
};

inline std::string stream(const std::string& name, const std::string& json_text) {
  return fmt::format(R"({{"output_type":"stream","name":"{}","text":{}}})", name, json_text);
}

inline std::string display(const std::string& mime, const std::string& json,
                           const std::string& metadata = "{}") {
  return fmt::format(R"({{"output_type":"display_data","data":{{"{}":{}}},"metadata":{}}})", mime, json,
                     metadata);
}

}  // namespace fresh::determinism::test
