#pragma once

#include "document/load_yaml.h"
#include "document/node.h"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fresh::document {

/// Builds the nodes of one document from a parser's events: places, duplicate keys and anchors are seen there
/// and nowhere later. Throws base::Error with the place.
class NodeBuilder {
 public:
  explicit NodeBuilder(Dialect dialect) : dialect_(dialect) {}

  /// `plain` = neither quoted nor tagged as text.
  void scalar(Place place, std::string text, bool plain, std::string tag, const std::string& anchor);
  void alias(const Place& place, const std::string& anchor);
  void open(Kind kind, Place place, std::string tag, const std::string& anchor);
  void close();
  Node take() { return std::move(root_); }

 private:
  /// The lines of the keys that a map has; small maps are searched, large ones indexed.
  class KnownKeys {
   public:
    /// The line that has the key, or nothing after it was added.
    std::optional<int> add(std::string_view key, int line);
    void remove(const std::string& key);

   private:
    std::vector<std::pair<std::string, int>> few_;
    std::unordered_map<std::string, int> many_;
  };

  struct Frame {
    Node node;
    std::string anchor;
    std::optional<std::string> key = {};
    bool is_merge = false;
    Place key_place = {};
    std::optional<int> first_line = {};  ///< of the key, when it stands here for the second time
    KnownKeys known = {};
    std::vector<Node> merges = {};
  };

  void spend(std::size_t nodes, const Place& place);
  void add(Node node, const std::string& anchor, bool plain);
  void begin_entry(Frame& parent, Node key, bool plain) const;
  void end_entry(Frame& parent, Node value) const;
  [[noreturn]] static void refuse_second(const Frame& frame);
  static void merge_into(Frame& frame, const Node& merged);

  Dialect dialect_;
  Node root_;
  std::vector<Frame> frames_;
  std::map<std::string, Node, std::less<>> anchors_;
  std::size_t spent_ = 0;
};

}  // namespace fresh::document
