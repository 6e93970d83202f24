#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace fresh::determinism {

/// How often each rule changed something: `T1` -> hits. Part of what is signed, so that nothing is hidden.
using Ledger = std::map<std::string, std::size_t>;

/// Renames, over one notebook, what differs from run to run without meaning anything: the first address is
/// `@1` everywhere, the second `@2`. So "the same object again" is kept, which erasing would lose (rules S4,
/// T1-T4 of fc-nbfp/1). Call it in the order of the notebook.
class Tokens {
 public:
  explicit Tokens(Ledger& ledger) : ledger_(ledger) {}

  /// T1: memory addresses, where a repr or faulthandler writes them; an address in any other place is data.
  std::string addresses(std::string_view text);
  /// T2: generated ids of HTML and JavaScript that the text itself declares as ids.
  std::string generated_ids(std::string_view text);
  /// S4: the id of a display, widget model or comm.
  std::string protocol_id(const std::string& id);
  /// T4: the clock and rate of tqdm bars; `done/total` stays.
  std::string progress_bars(std::string_view text);
  /// T3: what IPython's timing magics print. Only for cells whose source uses one.
  std::string timings(std::string_view text);

 private:
  Ledger& ledger_;
  std::map<std::string, std::string, std::less<>> addresses_;
  std::map<std::string, std::string, std::less<>> generated_;
  std::map<std::string, std::string, std::less<>> protocol_;
};

/// True when a cell's source has %time, %%time, %timeit, %%timeit or %prun.
bool uses_timing_magic(std::string_view source);

}  // namespace fresh::determinism
