#include "engine/answer_reader.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace fresh::engine {
namespace {

const std::string peer = "engine";

/// Feeds the bytes in pieces of `size`; what is left behind the answer.
std::string feed(AnswerReader& reader, std::string_view bytes, std::size_t size) {
  while (!bytes.empty() && !reader.is_complete()) {
    bytes.remove_prefix(reader.take(bytes.substr(0, size)));
  }
  return std::string(bytes);
}

Request get() {
  return {.method = "GET", .target = "/x?a=b"};
}

TEST(AnswerReader, CutsBetweenPiecesMakeNoDifference) {
  const std::string_view bytes =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Name:  value \r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n00A;note=1\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\nnext";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    const Request request = get();
    AnswerReader reader(request, peer);
    EXPECT_EQ(feed(reader, bytes, size), "next") << size;
    EXPECT_TRUE(reader.is_complete());
    EXPECT_TRUE(reader.keeps_connection());
    EXPECT_EQ(reader.answer().status, 200);
    EXPECT_EQ(reader.answer().headers.at("x-name"), "value");
    EXPECT_EQ(reader.answer().body, "abc0123456789") << size;
  }
}

TEST(AnswerReader, TheHeaderSaysWhereTheAnswerEnds) {
  struct Case {
    const char* method;
    const char* bytes;
    const char* body;
    const char* beyond;
    bool keeps;
  };
  const Case cases[] = {
      {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more", "{}", "more", true},
      {"GET", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", "{}", "", true},
      {"GET", "HTTP/1.1 204 No Content\r\n\r\nmore", "", "more", true},
      {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nmore", "", "more", true},
      {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nmore", "", "more", true},
      {"GET", "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", "", "", false},
      {"GET", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "a", "", false},
  };
  for (const auto& one : cases) {
    const Request request{.method = one.method, .target = "/x"};
    AnswerReader reader(request, peer);
    EXPECT_EQ(feed(reader, one.bytes, 7), one.beyond) << one.bytes;
    EXPECT_TRUE(reader.is_complete()) << one.bytes;
    EXPECT_EQ(reader.answer().body, one.body) << one.bytes;
    EXPECT_EQ(reader.keeps_connection(), one.keeps) << one.bytes;
  }
}

TEST(AnswerReader, ABodyWithoutFrameEndsWithTheConnection) {
  Request request = get();
  AnswerReader refusal(request, peer);
  feed(refusal, "HTTP/1.1 500 Bad\r\n\r\nwhy", 100);
  EXPECT_FALSE(refusal.is_complete());
  refusal.end();
  EXPECT_EQ(refusal.answer().body, "why");

  AnswerReader success(request, peer);
  feed(success, "HTTP/1.1 200 OK\r\n\r\nhalf?", 100);
  EXPECT_THROW(success.end(), EngineError);

  request.ends_with_connection = true;
  AnswerReader stream(request, peer);
  feed(stream, "HTTP/1.1 200 OK\r\n\r\nwhole", 100);
  stream.end();
  EXPECT_EQ(stream.answer().body, "whole");
}

TEST(AnswerReader, AnUpgradedConnectionBelongsToTheOtherProtocol) {
  const Request request{.method = "POST", .target = "/attach"};
  for (const char* status : {"101 UPGRADED", "200 OK"}) {
    AnswerReader reader(request, peer, true);
    EXPECT_EQ(feed(reader, fmt::format("HTTP/1.1 {}\r\nContent-Type: application/x\r\n\r\nraw", status), 5),
              "raw");
    EXPECT_TRUE(reader.is_complete());
  }
  AnswerReader refusal(request, peer, true);
  feed(refusal,
       "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n3\r\npe!\r\n0\r\n\r\n", 9);
  EXPECT_TRUE(refusal.is_complete());
  EXPECT_EQ(refusal.answer().body, "nope!");
}

TEST(AnswerReader, RefusesWhatIsNoAnswer) {
  const std::pair<const char*, std::string> cases[] = {
      {"it is no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"},
      {"no status", "HTTP/1.1 OK\r\n"},
      {"length is no number", "HTTP/1.1 200 OK\r\nContent-Length: 12, 12\r\n\r\n"},
      {"length is no number", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"},
      {"length is no number", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n"},
      {"transfer encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"},
      {"chunk has no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"},
      {"longer than its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"},
      {"header has no end", "HTTP/1.1 200 OK\r\nX: " + std::string(300'000, 'x')},
  };
  for (const auto& [why, bytes] : cases) {
    const Request request = get();
    AnswerReader reader(request, peer);
    try {
      feed(reader, bytes, 1000);
      ADD_FAILURE() << "taken for an answer: " << bytes.substr(0, 80);
    } catch (const EngineError& error) {
      EXPECT_EQ(error.fault(), Fault::cut);
      EXPECT_NE(error.message().find(why), std::string::npos) << error.message();
      EXPECT_NE(error.message().find("GET /x broke off"), std::string::npos) << error.message();
    }
  }
}

}  // namespace
}  // namespace fresh::engine
