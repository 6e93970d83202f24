#include "document/load_yaml.h"

#include "base/file.h"
#include "document/refuse.h"
#include "document/utf8.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace fresh::document {
namespace {

constexpr std::size_t deepest = 100;
constexpr std::size_t most_nodes = 100'000;
constexpr const char* key_hint = "put text before the ':'; quote what begins with '{' or '['";

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const auto& item : node.items) {
    count += count_nodes(item);
  }
  for (const auto& entry : node.entries) {
    count += count_nodes(entry.value);
  }
  return count;
}

using KeyLines = std::map<std::string, int, std::less<>>;

/// Adds the entries of a `<<` value that the map does not have itself (YAML 1.1 merge key, as compose files
/// use it).
void merge_into(Node& map, KeyLines& known, const Node& merged) {
  if (merged.is_list()) {
    for (const auto& item : merged.items) {
      if (!item.is_map()) {
        refuse(item.place, fmt::format("'<<' takes maps, found {}", shown(item.kind)),
               "let each entry name an anchor of a map: '<<: [*one, *two]'");
      }
      merge_into(map, known, item);
    }
    return;
  }
  if (!merged.is_map()) {
    refuse(merged.place, fmt::format("'<<' takes a map or a list of maps, found {}", shown(merged.kind)),
           "let it name an anchor of a map: '<<: *name'");
  }
  for (const auto& entry : merged.entries) {
    if (known.emplace(entry.key, entry.key_place.line).second) {
      map.entries.push_back(entry);
    }
  }
}

/// Turns the marks of yaml-cpp, which count bytes, into places, which count characters as editors do. Marks
/// mostly come in the order of the text, so each byte is looked at once.
class Places {
 public:
  explicit Places(std::shared_ptr<const Source> source) : source_(std::move(source)) {}

  Place of(const YAML::Mark& mark) {
    if (mark.is_null()) {
      return {source_, 0, 0};
    }
    const auto position = std::min(static_cast<std::size_t>(mark.pos), source_->text.size());
    if (mark.line != line_ || position < position_) {
      line_ = mark.line;
      position_ = position - std::min(position, static_cast<std::size_t>(mark.column));
      column_ = 0;
    }
    for (; position_ < position; ++position_) {
      const bool continues = (static_cast<unsigned char>(source_->text[position_]) & 0xC0U) == 0x80U;
      column_ += continues ? 0 : 1;
    }
    return {source_, mark.line + 1, column_ + 1};
  }

 private:
  std::shared_ptr<const Source> source_;
  int line_ = -1;
  std::size_t position_ = 0;
  int column_ = 0;
};

/// Builds nodes from the parser's events: positions, duplicate keys and anchors are seen there and nowhere
/// later.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(std::shared_ptr<const Source> source) : source_(source), places_(source) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.place = place(mark);
    node.scalar = null_as_written(mark);
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      refuse(place(mark), "this alias stands inside the value that it names",
             "write the value out, or name another anchor");
    }
    spend(count_nodes(found->second), mark);
    add(found->second, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // yaml-cpp: tag "?" for a plain scalar, "!" for a quoted one.
    Node node = tag == "?" || tag.empty() ? text_node(value) : Node{.kind = Kind::text, .scalar = value};
    set_tag(node, tag);
    node.place = place(mark);
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key = {};
    Place key_place = {};
    KeyLines key_lines = {};
    std::vector<Node> merges = {};
  };

  Place place(const YAML::Mark& mark) { return places_.of(mark); }

  /// yaml-cpp does not say which of the null words it saw; a key `null` must not become an empty one.
  std::string null_as_written(const YAML::Mark& mark) const {
    if (mark.is_null() || static_cast<std::size_t>(mark.pos) >= source_->text.size()) {
      return {};
    }
    const std::string_view rest = std::string_view(source_->text).substr(static_cast<std::size_t>(mark.pos));
    for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
      if (rest.starts_with(word)) {
        return std::string(word);
      }
    }
    return {};
  }

  static void set_tag(Node& node, const std::string& tag) {
    if (tag.size() > 1 && tag[0] == '!') {
      node.tag = tag;
    }
  }

  void spend(std::size_t nodes, const YAML::Mark& mark) {
    spent_ += nodes;
    if (spent_ > most_nodes) {
      refuse(place(mark), fmt::format("this document expands to more than {} values", most_nodes),
             "check its aliases: each use of an alias copies what it names");
    }
  }

  void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (frames_.size() >= deepest) {
      refuse(place(mark), fmt::format("nested deeper than {} levels", deepest),
             "check the indentation and the brackets");
    }
    Frame frame;
    frame.node.kind = kind;
    frame.node.place = place(mark);
    frame.anchor = anchor;
    set_tag(frame.node, tag);
    if (!frames_.empty() && frames_.back().node.is_map() && !frames_.back().key) {
      refuse(frame.node.place, fmt::format("a key must be a scalar, found {}", shown(kind)), key_hint);
    }
    frames_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    for (const auto& merged : frame.merges) {
      merge_into(frame.node, frame.key_lines, merged);
    }
    add(std::move(frame.node), frame.anchor);
  }

  void add(Node node, YAML::anchor_t anchor) {
    if (++spent_ > most_nodes) {
      refuse(node.place, fmt::format("this document has more than {} values", most_nodes),
             "split it, or check that it is the right file");
    }
    if (anchor != 0) {
      anchors_[anchor] = node;
    }
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& parent = frames_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      begin_entry(parent, std::move(node));
    } else if (*parent.key == "<<") {
      parent.merges.push_back(std::move(node));
      parent.key.reset();
    } else {
      // yaml-cpp places a value that is not there at what comes next; people look at its key.
      if (node.is_null() && node.scalar.empty()) {
        node.place = parent.key_place;
      }
      parent.node.entries.push_back({*std::move(parent.key), parent.key_place, std::move(node)});
      parent.key.reset();
    }
  }

  static void begin_entry(Frame& parent, Node key) {
    if (!key.is_scalar()) {
      refuse(key.place, fmt::format("a key must be a scalar, found {}", shown(key.kind)), key_hint);
    }
    const auto [first, is_new] = parent.key_lines.emplace(key.scalar, key.place.line);
    if (!is_new) {
      refuse(key.place,
             fmt::format("the key '{}' stands here twice, first in line {}", key.scalar, first->second),
             "remove one of the two");
    }
    parent.key = std::move(key.scalar);
    parent.key_place = std::move(key.place);
  }

  std::shared_ptr<const Source> source_;
  Places places_;
  Node root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t spent_ = 0;
};

Place place_of_offset(const std::shared_ptr<const Source>& source, std::size_t offset) {
  const std::string_view before = std::string_view(source->text).substr(0, offset);
  const auto line_begin = before.rfind('\n');
  const std::size_t column = line_begin == std::string_view::npos ? offset : offset - line_begin - 1;
  return {source, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(column) + 1};
}

void refuse_bad_bytes(const std::shared_ptr<const Source>& source) {
  // Not left to yaml-cpp: it takes the byte 4 for the end of the file and would ignore what follows.
  const auto is_control = [](char c) { return c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r'; };
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

}  // namespace

Node load_yaml(std::string text, std::string name) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.erase(0, 3);
  }
  const auto source = std::make_shared<const Source>(Source{std::move(name), std::move(text)});
  refuse_bad_bytes(source);
  Builder builder(source);
  try {
    std::istringstream stream(source->text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      return Node{.place = {source, 1, 1}};
    }
    Node root = builder.take();
    Builder rest(source);
    if (parser.HandleNextDocument(rest)) {
      refuse(rest.take().place, "a second document begins here; one is expected",
             "keep one document per file");
    }
    return root;
  } catch (const YAML::Exception& error) {
    refuse(Places(source).of(error.mark), fmt::format("not valid YAML: {}", error.msg),
           "check here and above: indentation by blanks, closed quotes and brackets, a blank behind ':'");
  }
}

Node load_yaml_file(const std::filesystem::path& path, std::string name) {
  return load_yaml(base::read_file(path), name.empty() ? path.string() : std::move(name));
}

}  // namespace fresh::document
