#include "document/load_yaml.h"

#include "base/file.h"
#include "document/build_nodes.h"
#include "document/refuse.h"
#include "document/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <yaml.h>

namespace fresh::document {
namespace {

using SourcePointer = std::shared_ptr<const Source>;

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

Place place_at(const SourcePointer& source, const yaml_mark_t& mark) {
  return {source, static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1};
}

Place place_of_offset(const SourcePointer& source, std::size_t offset) {
  const std::string_view before = std::string_view(source->text).substr(0, offset);
  const auto line_begin = before.rfind('\n');
  const std::size_t column = line_begin == std::string_view::npos ? offset : offset - line_begin - 1;
  return {source, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(column) + 1};
}

/// The usual tags say what a scalar is anyway.
std::string own_tag(const yaml_char_t* tag) {
  std::string text = text_of(tag);
  return text == "!" || text.starts_with("tag:yaml.org,2002:") ? std::string() : text;
}

/// Neither quoted nor tagged as text: what a number is and what none. `!!int "5"` is a number too.
bool is_plain(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  const std::string tag = text_of(scalar.tag);
  return tag == YAML_INT_TAG || tag == YAML_FLOAT_TAG || tag == YAML_BOOL_TAG || tag == YAML_NULL_TAG ||
         (scalar.style == YAML_PLAIN_SCALAR_STYLE && tag != "!" && tag != YAML_STR_TAG);
}

/// libyaml's pull parser. Deep nesting costs it nothing: its states live on the heap.
class Parser {
 public:
  explicit Parser(SourcePointer source) : source_(std::move(source)) {
    if (yaml_parser_initialize(&parser_) == 0) {
      throw std::bad_alloc();
    }
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(source_->text.data()),
                                 source_->text.size());
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  /// Valid until the next call.
  const yaml_event_t& next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) == 0) {
      event_ = {};
      refuse_syntax();
    }
    return event_;
  }

 private:
  [[noreturn]] void refuse_syntax() const {
    const std::string problem = parser_.problem == nullptr ? "not readable" : parser_.problem;
    if (parser_.error == YAML_READER_ERROR) {
      refuse(place_of_offset(source_, parser_.problem_offset), fmt::format("not valid YAML: {}", problem),
             "save the file as UTF-8 text");
    }
    std::string message = fmt::format("not valid YAML: {}", problem);
    if (parser_.context != nullptr) {
      message += fmt::format(", {}", parser_.context);
      if (parser_.context_mark.line != parser_.problem_mark.line) {
        message += fmt::format(" that begins in line {}", parser_.context_mark.line + 1);
      }
    }
    refuse(place_at(source_, parser_.problem_mark), message, hint(problem));
  }

  static std::string hint(std::string_view problem) {
    if (problem.find("mapping values are not allowed") != std::string_view::npos) {
      return "put text with ': ' in it in quotes, or check the indentation";
    }
    if (problem.find("cannot start any token") != std::string_view::npos) {
      return "indent with blanks, not tabs; put text that begins with a special character in quotes";
    }
    if (problem.find("unexpected end of stream") != std::string_view::npos) {
      return "close the quote";
    }
    if (problem.find("',' or") != std::string_view::npos) {
      return "close the bracket, or put a comma between the values";
    }
    return "check the indentation of this line and the ones before it";
  }

  SourcePointer source_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

void feed(NodeBuilder& builder, const yaml_event_t& event, const SourcePointer& source) {
  Place place = place_at(source, event.start_mark);
  switch (event.type) {
    case YAML_ALIAS_EVENT:
      builder.alias(std::move(place), text_of(event.data.alias.anchor));
      return;
    case YAML_SCALAR_EVENT: {
      const auto& scalar = event.data.scalar;
      builder.scalar(std::move(place),
                     std::string(reinterpret_cast<const char*>(scalar.value), scalar.length), is_plain(event),
                     own_tag(scalar.tag), text_of(scalar.anchor));
      return;
    }
    case YAML_SEQUENCE_START_EVENT:
      builder.open(Kind::list, std::move(place), own_tag(event.data.sequence_start.tag),
                   text_of(event.data.sequence_start.anchor));
      return;
    case YAML_MAPPING_START_EVENT:
      builder.open(Kind::map, std::move(place), own_tag(event.data.mapping_start.tag),
                   text_of(event.data.mapping_start.anchor));
      return;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      builder.close();
      return;
    default:
      return;
  }
}

void refuse_bad_bytes(const SourcePointer& source) {
  const auto is_control = [](char c) {
    return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == '\x7f';
  };
  const auto control = std::find_if(source->text.begin(), source->text.end(), is_control);
  if (control != source->text.end()) {
    const std::string found = *control == '\0'
                                  ? std::string("a NUL byte stands here")
                                  : fmt::format("a control character ({:#04x}) stands here", *control);
    refuse(place_of_offset(source, static_cast<std::size_t>(control - source->text.begin())), found,
           "save the file as UTF-8 text");
  }
  if (const auto invalid = first_invalid_utf8(source->text)) {
    refuse({source, place_of_offset(source, *invalid).line, 0}, "this line is not valid UTF-8",
           "save the file as UTF-8 text");
  }
}

SourcePointer source_of(std::string text, std::string name) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.erase(0, 3);
  }
  auto source = std::make_shared<const Source>(Source{std::move(name), std::move(text)});
  refuse_bad_bytes(source);
  return source;
}

std::vector<Node> documents_of(const SourcePointer& source, Dialect dialect, bool several) {
  std::vector<Node> documents;
  Parser parser(source);
  NodeBuilder builder(dialect);
  for (;;) {
    const yaml_event_t& event = parser.next();
    if (event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT) {
      return documents;
    }
    if (event.type == YAML_DOCUMENT_START_EVENT) {
      builder = NodeBuilder(dialect);
    } else if (event.type == YAML_DOCUMENT_END_EVENT) {
      documents.push_back(builder.take());
      if (documents.size() > 1 && !several) {
        refuse(documents.back().place, "a second document begins here; one is expected",
               "keep one document per file");
      }
    } else {
      feed(builder, event, source);
    }
  }
}

}  // namespace

Node load_yaml(std::string text, std::string name) {
  const auto source = source_of(std::move(text), std::move(name));
  auto documents = documents_of(source, Dialect::core, false);
  return documents.empty() ? Node{.place = {source, 1, 1}} : std::move(documents.front());
}

Node load_yaml_file(const std::filesystem::path& path, std::string name) {
  return load_yaml(base::read_file(path), name.empty() ? path.string() : std::move(name));
}

std::vector<Node> load_yaml_documents(std::string text, std::string name, Dialect dialect) {
  return documents_of(source_of(std::move(text), std::move(name)), dialect, true);
}

}  // namespace fresh::document
