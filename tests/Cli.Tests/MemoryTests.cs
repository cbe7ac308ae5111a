using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Too little memory is one line with what is needed, what there is, and the options that help.</summary>
public sealed class MemoryTests
{
    // Each elementwise layer takes another GiB of each worker: more than any machine has, with hardly any parameters.
    private static readonly string Endless = $"linear(2000000) > {string.Concat(Enumerable.Repeat("abs > ", 500))}linear(10)";

    private const string Advice =
        "use smaller layers with --model, smaller batches with --batch-size, another device with --device or, on the CPU, " +
            "fewer threads with --threads";

    [Fact]
    public void A_network_that_no_machine_holds_is_refused_before_a_folder_is_made()
    {
        using var folder = new TemporaryFolder();
        string line = Refusal(
            null, "train", "--dataset", "digits", "--device", "cpu", "--threads", "64", "--model", Endless, "--out",
            folder["run"]);
        Assert.Matches(
            @"on cpu with 64 threads: at least \d\d,\d{3}\.\d GiB of memory are needed, " +
            @"and [\d,]+\.\d [GM]iB are free; use smaller layers with ", line);
        Assert.EndsWith(Advice, line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void An_experiment_with_a_network_that_no_machine_holds_is_refused_too()
    {
        using var folder = new TemporaryFolder();
        string line = Refusal(
            null, "reproduce", "--dataset", "digits", "--device", "cpu", "--threads", "64", "--jobs", "1", "--models", Endless,
            "--runs", "1", "--epochs", "1",
            "--out", folder["results"]);
        Assert.Contains(" of memory are needed, and ", line, StringComparison.Ordinal);
        Assert.EndsWith("; 0 of 1 runs are finished and kept, and the same command goes on", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simd")]
    [InlineData("kernels")]
    public void A_network_beyond_the_limit_of_the_runtime_or_a_container_is_refused(string executor)
    {
        // 256 MiB.
        string line = Refusal(
            "0x10000000", "train", "--dataset", "digits", "--device", "cpu", "--executor", executor, "--model",
            "linear(300000) > abs > linear(10)");
        Assert.Matches(
            @"""linear\(300000\) > abs > linear\(10\)"" on cpu with \d+ threads?: " +
            @"at least [\d,]+\.\d [GM]iB of memory are needed, and \d+\.\d MiB are free", line);
    }

    [Fact]
    public void Data_that_does_not_fit_names_its_file_and_not_the_options_of_a_network()
    {
        using var folder = new TemporaryFolder();
        const int Count = 100_000, Side = 32;
        foreach (string part in new[] { "train", "t10k" })
        {
            File.WriteAllBytes(folder[$"{part}-labels-idx1-ubyte"],
                IdxBytes.Labels([.. Enumerable.Range(0, Count).Select(i => (byte)(i % 10))]));
            using FileStream images = File.Create(folder[$"{part}-images-idx3-ubyte"]);
            images.Write([0, 0, 8, 3, .. IdxBytes.BigEndian(Count), .. IdxBytes.BigEndian(Side), .. IdxBytes.BigEndian(Side)]);
            images.SetLength(images.Length + (long)Count * Side * Side);
        }
        // 48 MiB.
        string line = Refusal("0x3000000", "train", "--data", folder.Path, "--device", "cpu");
        Assert.StartsWith($"error: {folder["train-images-idx3-ubyte"]}: at least 97.7 MiB of memory are needed, and ", line,
            StringComparison.Ordinal);
        Assert.EndsWith("; use fewer or smaller images, or a machine with more memory", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_missing_anywhere_else_is_told_in_words()
    {
        foreach (Exception error in new Exception[]
        {
            new InsufficientMemoryException(), new AggregateException(new InsufficientMemoryException()),
            new TypeInitializationException("X", new InsufficientMemoryException()),
        })
        {
            Assert.Matches(
                @"^the memory does not suffice: this process uses [\d.,]+ [GM]iB of the [\d.,]+ [GM]iB that it may have; " +
                @"use smaller layers",
                Terminal.InWords(error));
        }
        Assert.Equal("else", Terminal.InWords(new IOException("else")));
        Assert.Equal("a refusal", Terminal.InWords(new AggregateException(new InputException("a refusal"))));
        var train = new OptionNames(new VerbDescription(typeof(TrainVerb)));
        Assert.EndsWith(Advice, MemoryException.Unexplained().InWords(train.Of), StringComparison.Ordinal);
    }

    /// <summary>The line with which the program refuses to work, under a limit for the runtime's memory.</summary>
    private static string Refusal(string? limit, params string[] arguments)
    {
        CliResult result = CliProcess.Run(arguments, new Dictionary<string, string?> { ["DOTNET_GCHeapHardLimit"] = limit });
        Assert.True(result.ExitCode == 2, result.Error);
        return Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
