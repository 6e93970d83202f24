#include "determinism/canonical.h"

#include "base/error.h"
#include "base/sha256.h"
#include "determinism/base64.h"
#include "determinism/json.h"
#include "determinism/notebook_file.h"
#include "determinism/png.h"
#include "determinism/terminal_text.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace fresh::determinism {
namespace {

constexpr std::size_t shown_text = std::size_t{64} << 10U;

CanonicalMime text_mime(const std::string& text) {
  std::size_t size = std::min(text.size(), shown_text);
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
    --size;
  }
  return {.digest = base::sha256_hex(text), .text = text.substr(0, size)};
}

bool is_json(std::string_view mime) {
  return mime == "application/json" || mime.ends_with("+json");
}
bool is_svg(std::string_view mime) {
  return mime == "image/svg+xml";
}

/// S4, inside a JSON value: ids of the messaging protocol.
void rename_protocol_ids(Json& value, Tokens& tokens) {
  constexpr std::string_view reference = "IPY_MODEL_";
  for (Json& item : value.items) {
    rename_protocol_ids(item, tokens);
  }
  for (auto& [key, member] : value.members) {
    if (member.is_text() && (key == "model_id" || key == "comm_id" || key == "display_id")) {
      member.scalar = tokens.protocol_id(member.scalar);
    }
    rename_protocol_ids(member, tokens);
  }
  if (value.is_text() && value.scalar.starts_with(reference)) {
    value.scalar = std::string(reference) + tokens.protocol_id(value.scalar.substr(reference.size()));
  }
}

CanonicalMime png_mime(const std::string& base64, Ledger& ledger) {
  const auto bytes = decode_base64(base64);
  const auto picture = bytes ? read_png(*bytes) : std::nullopt;
  if (!picture) {
    ++ledger["S9.exact"];
    return {.digest = base::sha256_hex(bytes.value_or(base64))};
  }
  if (!picture->metadata_digest.empty()) {
    ++ledger["S9.metadata"];
  }
  return {.digest = picture->digest, .metadata_digest = picture->metadata_digest};
}

/// Turns the outputs of one cell into their canonical form.
class CellOutputs {
 public:
  CellOutputs(const FileCell& cell, std::string where, Tokens& tokens, Ledger& ledger)
      : timed_(uses_timing_magic(cell.source)), where_(std::move(where)), tokens_(tokens), ledger_(ledger) {
    for (const Json& output : cell.outputs) {
      add(output);
    }
    flush();
  }

  std::vector<CanonicalOutput> take() { return std::move(outputs_); }
  const std::string& error_name() const { return error_name_; }

 private:
  void add(const Json& output) {
    const std::string& kind = output.find("output_type")->scalar;
    const std::string where = fmt::format("{}: output {}", where_, outputs_.size() + 1);
    if (kind == "stream") {
      const Json* name = output.find("name");
      const bool err = name != nullptr && name->scalar == "stderr";
      (err ? err_ : out_) += joined_text(output.find("text"), where);
      return;
    }
    flush();
    CanonicalOutput canonical{.kind = kind};
    if (kind == "error") {
      add_error(output, where, canonical);
    } else if (kind == "display_data" || kind == "execute_result") {
      add_bundle(output, where, canonical);
    } else {
      throw base::Error(base::ExitCode::notebooks, fmt::format("{}: unknown output_type '{}'", where, kind));
    }
    outputs_.push_back(std::move(canonical));
  }

  void add_error(const Json& output, const std::string& where, CanonicalOutput& canonical) {
    error_name_ = joined_text(output.find("ename"), where);
    std::string traceback;
    if (const Json* lines = output.find("traceback")) {
      for (const Json& line : lines->items) {
        traceback += line.scalar + "\n";
      }
    }
    canonical.data["ename"] = text_mime(error_name_);
    canonical.data["evalue"] = text_mime(tokens_.addresses(joined_text(output.find("evalue"), where)));
    canonical.data["traceback"] = text_mime(tokens_.addresses(terminal_text(traceback)));
  }

  void add_bundle(const Json& output, const std::string& where, CanonicalOutput& canonical) {
    const Json* data = output.find("data");
    if (data == nullptr || data->kind != JsonKind::map) {
      throw base::Error(base::ExitCode::notebooks, where + ": 'data' is no map of representations");
    }
    std::map<std::string, const Json*> sorted;
    for (const auto& [mime, value] : data->members) {
      sorted[mime] = &value;
    }
    for (const auto& [mime, value] : sorted) {
      canonical.data[mime] = representation(mime, *value, where);
    }
    const Json* metadata = output.find("metadata");
    if (metadata != nullptr && !metadata->members.empty()) {
      canonical.data["metadata"] = text_mime(canonical_json(*metadata));
    }
  }

  CanonicalMime representation(const std::string& mime, const Json& value, const std::string& where) {
    if (is_json(mime) && !is_svg(mime)) {
      Json renamed = value;
      rename_protocol_ids(renamed, tokens_);
      return text_mime(tokens_.generated_ids(canonical_json(renamed)));
    }
    const std::string text = joined_text(&value, where + " " + mime);
    if (mime == "image/png") {
      return png_mime(text, ledger_);
    }
    if (is_svg(mime)) {
      return text_mime(text);
    }
    if (mime == "application/javascript" || mime == "text/html") {
      return text_mime(tokens_.generated_ids(tokens_.addresses(text)));
    }
    if (mime.starts_with("text/")) {
      return text_mime(tokens_.addresses(text));
    }
    return {.digest = base::sha256_hex(decode_base64(text).value_or(text))};
  }

  /// S5: what was printed since the last rich output, stdout first: their order among each other means
  /// nothing.
  void flush() {
    for (auto [kind, text] : {std::pair("stdout", &out_), std::pair("stderr", &err_)}) {
      if (text->empty()) {
        continue;
      }
      std::string shown = terminal_text(*text);
      if (shown != *text) {
        ++ledger_["S6"];
      }
      shown = tokens_.addresses(shown);
      if (timed_) {
        shown = tokens_.timings(shown);
      }
      if (text == &err_) {
        shown = tokens_.progress_bars(shown);
      }
      outputs_.push_back({.kind = kind, .data = {{"text/plain", text_mime(shown)}}});
      text->clear();
    }
  }

  bool timed_;
  std::string where_;
  Tokens& tokens_;
  Ledger& ledger_;
  std::string out_;
  std::string err_;
  std::string error_name_;
  std::vector<CanonicalOutput> outputs_;
};

/// The reason of an opt-out, or nothing; an opt-out without a reason is refused.
std::optional<std::string> opt_out(const FileCell& cell, const std::string& where) {
  static const RE2 comment(R"((?m)^\s*#\s*fresh-clone:\s*nondeterministic\b[ \t]*(.*?)\s*$)");
  std::string reason;
  const bool said = RE2::PartialMatch(cell.source, comment, &reason);
  const bool tagged = std::find(cell.tags.begin(), cell.tags.end(), "nondeterministic") != cell.tags.end();
  if (!said && !tagged) {
    return std::nullopt;
  }
  if (reason.empty()) {
    throw base::Error(base::ExitCode::notebooks, where + ": marked as nondeterministic without a reason",
                      "add a line to the cell: # fresh-clone: nondeterministic <reason>");
  }
  return reason;
}

void check_order(const FileCell& cell, int executed, const std::string& where) {
  if (cell.execution_count && *cell.execution_count != executed) {
    throw base::Error(
        base::ExitCode::notebooks,
        fmt::format(
            "{}: execution_count is {}, expected {}: the cells were not run once each, in their order", where,
            *cell.execution_count, executed));
  }
}

std::string digest_of(const CanonicalOutput& output) {
  base::Sha256 digest;
  digest.field("fc-out/1").field(output.kind);
  for (const auto& [mime, value] : output.data) {
    digest.field(mime).field(value.digest);
  }
  return digest.hex();
}

std::string digest_of(const CanonicalCell& cell) {
  base::Sha256 digest;
  digest.field("fc-cell/1").field(std::to_string(cell.index)).field(base::sha256_hex(cell.source));
  digest.field(cell.status).field(cell.error_name);
  for (const CanonicalOutput& output : cell.outputs) {
    digest.field(output.digest);
  }
  return digest.hex();
}

}  // namespace

std::string CanonicalCell::first_source_line() const {
  const auto begin = source.find_first_not_of(" \t\n");
  return begin == std::string::npos ? std::string() : source.substr(begin, source.find('\n', begin) - begin);
}

CanonicalNotebook canonical_notebook(std::string_view executed_ipynb, const std::string& path) {
  const NotebookFile file = read_notebook(executed_ipynb, path);
  CanonicalNotebook notebook{.path = path};
  Tokens tokens(notebook.ledger);
  int executed = 0;
  base::Sha256 digest;
  digest.field("fc-nb/1").field(path);
  for (const FileCell& cell : file.cells) {
    const std::string where = fmt::format("{}: cell {}", path, cell.index);
    executed += cell.execution_count ? 1 : 0;
    check_order(cell, executed, where);
    CanonicalCell canonical{.index = cell.index, .source = cell.source, .status = "skipped"};
    CellOutputs outputs(cell, where, tokens, notebook.ledger);
    if (const auto reason = opt_out(cell, where)) {
      canonical.status = "nondeterministic";
      canonical.opt_out_reason = *reason;
    } else {
      canonical.error_name = outputs.error_name();
      canonical.status = !canonical.error_name.empty() ? "error" : cell.execution_count ? "ok" : "skipped";
      canonical.outputs = outputs.take();
    }
    for (CanonicalOutput& output : canonical.outputs) {
      output.digest = digest_of(output);
    }
    canonical.digest = digest_of(canonical);
    digest.field(canonical.digest);
    notebook.cells.push_back(std::move(canonical));
  }
  notebook.digest = digest.hex();
  return notebook;
}

}  // namespace fresh::determinism
