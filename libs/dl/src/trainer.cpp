#include "tessera/dl/trainer.hpp"

#include <cmath>
#include <cstdio>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

namespace {

double seconds_since(std::chrono::steady_clock::time_point then) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

const fit_options& checked(const fit_options& options) {
    if (options.epochs < 1 || options.batch_size < 1)
        throw value_error(text("dl.fit: epochs and batch_size must be at least 1, got ", options.epochs, " and ",
                               options.batch_size));
    return options;
}

}  // namespace

std::string to_string(const progress& now) {
    char line[160];
    std::snprintf(line, sizeof line, "epoch %lld/%lld  step %lld/%lld  loss %.4g  %.0f steps/s  %.0f s left",
                  static_cast<long long>(now.epoch), static_cast<long long>(now.epochs),
                  static_cast<long long>(now.step), static_cast<long long>(now.steps), now.loss, now.steps_per_second,
                  now.seconds_left);
    return line;
}

namespace detail {

training_run::training_run(const dataset& data, const fit_options& options)
    : data_(data), options_(checked(options)), keys_(options.seed), started_(std::chrono::steady_clock::now()),
      reported_(started_) {
    const std::int64_t n = data.size();
    if (n == 0) throw shape_error(text("dl.fit: the data set is empty: x is ", data.x.shape()));
    steps_per_epoch_ = (n + options.batch_size - 1) / options.batch_size;
    now_.epochs = options.epochs;
    now_.steps = steps_per_epoch_ * options.epochs;
    end_ = n;
}

bool training_run::next_batch() {
    const std::int64_t n = data_.size();
    begin_ = end_;
    if (begin_ == n) {
        if (now_.epoch == options_.epochs) return false;
        order_ = shuffled(n, options_.seed, static_cast<std::uint64_t>(now_.epoch) + 1);
        ++now_.epoch;
        begin_ = 0;
        epoch_sum_ = 0;
        epoch_steps_ = 0;
    }
    end_ = std::min(n, begin_ + options_.batch_size);
    batch_ = data_.rows({order_.begin() + begin_, order_.begin() + end_});
    key_ = keys_.next();
    return true;
}

void training_run::finish_step(double loss) {
    ++now_.step;
    if (!std::isfinite(loss))
        throw value_error(
            text("dl.fit: the loss is ", loss, " at step ", now_.step, "; a lower learning rate may help"));
    history_.step_losses.push_back(loss);
    epoch_sum_ += loss;
    now_.loss = epoch_sum_ / static_cast<double>(++epoch_steps_);
    const bool epoch_ends = end_ == data_.size();
    if (epoch_ends) history_.epoch_losses.push_back(now_.loss);
    if (options_.on_progress && (epoch_ends || seconds_since(reported_) >= options_.seconds_between_progress)) {
        const double elapsed = std::max(seconds_since(started_), 1e-9);
        now_.steps_per_second = static_cast<double>(now_.step) / elapsed;
        now_.seconds_left = static_cast<double>(now_.steps - now_.step) / now_.steps_per_second;
        reported_ = std::chrono::steady_clock::now();
        options_.on_progress(now_);
    }
}

history training_run::result() {
    history_.seconds = seconds_since(started_);
    return std::move(history_);
}

}  // namespace detail

}  // namespace tessera::dl
