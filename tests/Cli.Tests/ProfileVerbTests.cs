using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class ProfileVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Profiles the built-in digits on the CPU; the peaks are given, because measuring them takes longer than all else.
    /// </summary>
    private static CliResult Profile(params string[] arguments) => CliCall.Run(
        ["profile", "--dataset", "digits", "--device", "cpu", "--peak-gflops", "100", "--peak-gbps", "10", .. arguments]);

    [Fact]
    public void The_phases_of_the_SIMD_executor_are_listed_with_what_is_not_in_them()
    {
        var (exitCode, output, error) = Profile("--epochs", "3", "--threads", "2");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("Abs-L2-Neg: linear(128) > abs > offset-l2(10) > neg; 10,880 parameters\ndigits: ", output,
            StringComparison.Ordinal);
        foreach (string phase in (string[])["0 linear(128) forward", "2 offset-l2(10) backward", "softmax cross-entropy", "step"])
            Assert.Matches($@"\n {Regex.Escape(phase)} +[0-9]+ .*[0-9]+ % [FB] \n", output);
        Assert.Matches(@"\nEpoch: [0-9.,]+ ms without timers, [0-9.,]+ ms with them\.\nPhases: [0-9.,]+ ms; ", output);
        Assert.Contains("\nRoof: 100 GFLOP/s (F), as given, and 10.0 GB/s from L2 (B), as given.\n", output,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void JSON_is_all_that_standard_output_carries_and_its_figures_fit_together()
    {
        var (exitCode, output, error) = Profile(
            "--executor", "kernels", "--model", "linear(10)", "--epochs", "1", "--warm-up", "0", "--batch-size", "1000",
            "--json");
        Assert.Equal((0, ""), (exitCode, error));
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal(
            [
                "model", "data", "batchSize", "device", "timer", "epochs", "epochSeconds", "timedEpochSeconds", "workSeconds",
                "otherSeconds",
                "peakGflopsPerSecond", "peakGbPerSecond", "work",
            ],
            root.EnumerateObject().Select(field => field.Name));
        Assert.Equal("kernels", root.GetProperty("device").GetProperty("executor").GetString());

        JsonElement[] work = [.. root.GetProperty("work").EnumerateArray()];
        double Sum(string field) => work.Sum(kernel => kernel.GetProperty(field).GetDouble());
        Assert.Equal(root.GetProperty("workSeconds").GetDouble(), Sum("seconds"), 9);
        Assert.Equal(1, Sum("share"), 9);
        JsonElement forward = work.Single(kernel => kernel.GetProperty("name").GetString() == "linear-forward-bytes-narrow");
        // 1,442 images to train on in two batches and 355 to test on, of 64 pixels in 10 classes.
        Assert.Equal(3, forward.GetProperty("calls").GetInt32());
        Assert.Equal(2.0 * (1442 + 355) * 64 * 10, forward.GetProperty("flop").GetDouble());
        double seconds = forward.GetProperty("seconds").GetDouble(), bytes = forward.GetProperty("bytes").GetDouble();
        Assert.Equal(seconds / 3, forward.GetProperty("meanSeconds").GetDouble(), 9);
        // 100 GFLOP/s and 10 GB/s: the ridge is at 10 FLOP per byte, and this product is above it.
        Assert.InRange(forward.GetProperty("intensity").GetDouble(), 10.1, 100);
        Assert.Equal(2.0 * (1442 + 355) * 64 * 10 / 1e11 / seconds, forward.GetProperty("roofline").GetDouble(), 9);
        Assert.Equal(bytes / seconds / 1e9, forward.GetProperty("gbPerSecond").GetDouble(), 9);
    }

    [Fact]
    public void A_trace_names_the_work_of_each_thread_within_the_timed_epochs()
    {
        string path = Path.Combine(_folder.Path, "trace.json");
        // Enough epochs, of a millisecond each, for the second thread to get work even on a busy machine.
        Assert.Equal(0, Profile("--epochs", "50", "--threads", "2", "--model", "ReLU", "--trace", path).ExitCode);
        JsonElement[] events = [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("traceEvents")
            .EnumerateArray()];
        JsonElement[] complete = [.. events.Where(e => e.GetProperty("ph").GetString() == "X")];
        Assert.Equal(50, complete.Count(e => e.GetProperty("name").GetString() == "epoch with timers"));
        Assert.Contains(complete, e => e.GetProperty("name").GetString() == "0 linear(128) backward" && e.GetProperty(
            "tid").GetInt32() == 1);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_profile_ends_with_its_seconds_whatever_epochs_are_left()
    {
        var (exitCode, output, error) = Profile(
            "--epochs", "100000000", "--seconds", "1", "--model", "linear(10)", "--threads", "1", "--json");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.InRange(JsonDocument.Parse(output).RootElement.GetProperty("epochs").GetInt32(), 2, 99_999_999);
    }

    [Fact]
    public void Without_given_peaks_they_are_measured()
    {
        var (exitCode, output, _) = CliCall.Run(
            "profile", "--dataset", "digits", "--device", "cpu", "--threads", "1", "--epochs", "1", "--warm-up", "0", "--model",
            "linear(10)");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"\nRoof: [0-9.,]+ GFLOP/s \(F\), measured, and [0-9.,]+ GB/s from L2 \(B\), measured\.\n", output);
    }

    [SkippableFact]
    public async Task Ctrl_C_ends_with_the_profile_of_the_epochs_until_then()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        ProcessStartInfo start = CliProcess.StartInfo(
            [
                "profile", "--dataset", "digits", "--device", "cpu", "--epochs", "100000000", "--warm-up", "0", "--peak-gflops",
                "1", "--peak-gbps", "1",
            ], _folder.Path);
        using Process process = Process.Start(start)!;
        try
        {
            using CancellationTokenSource limit = HangLimit.Start();
            // The last line of the heading; after it the epochs begin, of which some have ended a second later.
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line
                && !line.Contains("simd executor", StringComparison.Ordinal)) { }
            await Task.Delay(TimeSpan.FromSeconds(1), limit.Token);
            using Process kill = Process.Start("sh", ["-c", $"kill -INT {process.Id}"]);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token),
                error = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(130, process.ExitCode);
            Assert.StartsWith("interrupted ", error, StringComparison.Ordinal);
            // On a machine under heavy load not even one may have ended.
            Assert.Equal(error.StartsWith("interrupted after", StringComparison.Ordinal),
                output.Contains("\nEpoch: ", StringComparison.Ordinal));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [Theory]
    [InlineData("--epochs 0: expected 1 to 100000000", "--epochs", "0")]
    [InlineData("--epochs 2000000000: expected", "--epochs", "2000000000")]
    [InlineData("--seconds 0: expected a number of seconds above 0", "--seconds", "0")]
    [InlineData("--warm-up -1: expected 0 to 100000000", "--warm-up", "-1")]
    [InlineData("--peak-gflops 0: expected a finite number above 0", "--peak-gflops", "0")]
    [InlineData("--peak-gbps fast: expected a number", "--peak-gbps", "fast")]
    [InlineData("--batch-size half: expected full or a whole number", "--batch-size", "half")]
    [InlineData("--trace none/trace.json: there is no folder ", "--trace", "none/trace.json")]
    [InlineData("--trace .: is a folder; name a file in it", "--trace", ".")]
    [InlineData("unknown model \"Abs3\"; did you mean Abs", "--model", "Abs3")]
    public void What_cannot_be_used_is_refused_in_one_line(string problem, string option, string value)
    {
        var (exitCode, output, error) = CliCall.Run("profile", "--dataset", "digits", option, value);
        Assert.Equal((2, ""), (exitCode, output));
        string line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith($"error: {problem}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_diverges_fails_and_says_so()
    {
        var (exitCode, _, error) = Profile("--lr", "1e30", "--model", "ReLU");
        Assert.Equal(1, exitCode);
        Assert.Matches("^error: the training diverged: the loss of epoch \\d+ is [^;]+; try a smaller --lr\n$", error);
    }
}
