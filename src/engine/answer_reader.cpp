#include "engine/answer_reader.h"

#include "base/lines.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace fresh::engine {
namespace {

constexpr std::size_t header_limit = 256UL * 1024;

std::optional<std::uint64_t> whole_number(std::string_view text, int radix) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

AnswerReader::AnswerReader(const Request& request, const std::string& peer, bool upgrades)
    : request_(request), peer_(peer), sink_(request, peer), upgrades_(upgrades) {}

void AnswerReader::refuse(std::string_view why) const {
  broke_off(peer_, request_, sink_.answer().status, why);
}

bool AnswerReader::next_line(std::string_view& bytes) {
  const auto end = bytes.find('\n');
  line_.append(bytes.substr(0, end));
  header_size_ += std::min(end, bytes.size());
  if (header_size_ > header_limit) {
    refuse("its header has no end");
  }
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  if (end != std::string_view::npos && line_.ends_with('\r')) {
    line_.pop_back();
  }
  return end != std::string_view::npos;
}

void AnswerReader::header_line() {
  if (sink_.answer().status == 0 && !line_.starts_with("HTTP/1.")) {
    refuse("it is no HTTP");
  }
  sink_.header_line(line_);
  if (sink_.answer().status == 0) {
    refuse("its first line has no status");
  }
  if (line_.empty()) {
    begin_body();
  }
  keeps_ = keeps_ && !line_.starts_with("HTTP/1.0");
  line_.clear();
}

void AnswerReader::begin_body() {
  const auto& answer = sink_.answer();
  const auto header = [&](const char* name) {
    const auto found = answer.headers.find(name);
    return found == answer.headers.end() ? std::string_view() : std::string_view(found->second);
  };
  keeps_ = keeps_ && base::lower(header("connection")) != "close";
  if (upgrades_ && (answer.status == 101 || answer.status == 200)) {
    state_ = State::complete;
  } else if (answer.status < 200) {
    sink_.answer().status = 0;  // an interim answer: the one that counts follows
  } else if (request_.method == "HEAD" || answer.status == 204 || answer.status == 304) {
    state_ = State::complete;
  } else if (const auto coding = base::lower(header("transfer-encoding")); !coding.empty()) {
    if (coding != "chunked") {
      refuse("its transfer encoding is not the one of HTTP/1.1");
    }
    state_ = State::chunk_size;
  } else if (answer.headers.contains("content-length")) {
    const auto length = whole_number(header("content-length"), 10);
    if (!length) {
      refuse("its length is no number");
    }
    left_ = *length;
    state_ = left_ == 0 ? State::complete : State::counted;
  } else {
    keeps_ = false;
    state_ = State::until_end;
  }
}

void AnswerReader::begin_chunk() {
  const std::string_view size = base::trimmed(std::string_view(line_).substr(0, line_.find(';')));
  const auto count = whole_number(size, 16);
  if (!count) {
    refuse("a chunk has no size");
  }
  left_ = *count;
  state_ = left_ == 0 ? State::trailer : State::chunk;
  line_.clear();
  header_size_ = 0;
}

void AnswerReader::counted_bytes(std::string_view& bytes, State then) {
  const auto piece = bytes.substr(0, std::min<std::uint64_t>(left_, bytes.size()));
  sink_.body(piece);
  bytes.remove_prefix(piece.size());
  left_ -= piece.size();
  state_ = left_ == 0 ? then : state_;
}

std::size_t AnswerReader::take(std::string_view bytes) {
  const std::size_t given = bytes.size();
  begun_ = begun_ || given > 0;
  while (!bytes.empty() && state_ != State::complete) {
    switch (state_) {
      case State::header:
        if (next_line(bytes)) {
          header_line();
        }
        break;
      case State::counted:
        counted_bytes(bytes, State::complete);
        break;
      case State::chunk_size:
        if (next_line(bytes)) {
          begin_chunk();
        }
        break;
      case State::chunk:
        counted_bytes(bytes, State::chunk_end);
        break;
      case State::chunk_end:
        if (next_line(bytes)) {
          if (!line_.empty()) {
            refuse("a chunk is longer than its size");
          }
          state_ = State::chunk_size;
        }
        break;
      case State::trailer:
        if (next_line(bytes)) {
          state_ = line_.empty() ? State::complete : State::trailer;
          line_.clear();
        }
        break;
      case State::until_end:
        sink_.body(bytes);
        bytes = {};
        break;
      case State::complete:
        break;
    }
  }
  return given - bytes.size();
}

void AnswerReader::end() {
  if (state_ != State::until_end) {
    refuse(begun_ ? "the connection ended before the answer did" : "the connection ended without an answer");
  }
  sink_.require_an_end();
  state_ = State::complete;
}

}  // namespace fresh::engine
