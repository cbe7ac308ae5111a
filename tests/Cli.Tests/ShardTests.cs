using System.Diagnostics;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Shares of an experiment as processes at the same time.</summary>
public sealed class ShardTests(TinyExperiment tiny) : IDisposable, IClassFixture<TinyExperiment>
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ProcessStartInfo Start(string share, params string[] arguments) => CliProcess.StartInfo(
        ["reproduce", "--data", tiny.Data, "--device", "cpu", "--threads", "1", "--jobs", "1", "--out", _folder["out"],
            .. TinyExperiment.Options, "--shard", share, .. arguments],
        _folder.Path);

    private void AssertSameAsWhole()
    {
        string[] models = Directory.GetFiles(tiny.Whole, "model.safetensors", SearchOption.AllDirectories);
        Assert.Equal(4, models.Length);
        Assert.All(models, model => Assert.Equal(
            File.ReadAllBytes(model), File.ReadAllBytes(Path.Combine(_folder["out"], Path.GetRelativePath(tiny.Whole, model)))));
    }

    [Theory]
    [InlineData("1/3", "2/3", "3/3")]
    [InlineData("1/1", "1/1")]
    public async Task Processes_in_one_new_folder_even_with_one_share_end_well_with_the_bits_of_one_process(
        params string[] shares)
    {
        CliResult[] all = await Task.WhenAll(shares.Select(share => Task.Run(() => CliProcess.Finish(Start(share)))));
        Assert.All(all, result => Assert.Equal(0, result.ExitCode));
        Assert.All(all, result => Assert.DoesNotMatch("(?m)^(?!warning: .* at work on .*, and is waited for$).+$", result.Error));
        AssertSameAsWhole();
        // Nobody has written a report of the whole, and nothing of any lock is left.
        Assert.Equal(["experiment.json"], Directory.GetFiles(_folder["out"]).Select(path => Path.GetFileName(path)));
        Assert.Equal(2, Directory.GetDirectories(_folder["out"]).Length);
        Assert.Empty(Directory.GetFiles(_folder["out"], ".owner*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_process_that_waits_for_another_s_run_takes_it_over_when_that_one_is_killed()
    {
        using Process first = Process.Start(Start("1/1"))!;
        HangLimit.WaitUntil(() => Directory.Exists(_folder["out"]) &&
            Directory.GetFiles(_folder["out"], "checkpoint", SearchOption.AllDirectories).Length > 0);
        Task<CliResult> second = Task.Run(() => CliProcess.Finish(Start("1/1")));
        first.Kill();
        await first.WaitForExitAsync();
        Assert.Equal(0, (await second).ExitCode);
        AssertSameAsWhole();
    }

    [Fact]
    public void A_share_that_is_empty_ends_well_and_one_that_is_none_is_refused()
    {
        CliResult empty = CliProcess.Finish(Start("9/9", "--quiet"));
        Assert.Equal((0, "share 9/9 is empty: there are only 4 runs\n", ""), (empty.ExitCode, empty.Output, empty.Error));
        CliResult none = CliProcess.Finish(Start("slurm"));
        Assert.Equal((2, ""), (none.ExitCode, none.Output));
        Assert.StartsWith("error: --shard slurm: SLURM_ARRAY_TASK_ID is not set: ", none.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_share_in_a_folder_that_may_not_be_written_is_refused_in_one_line()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "root may write everywhere else");
        const string Folder = "/proc/ilgpu-distance";
        CliResult refused = CliCall.Run(
            ["reproduce", "--data", tiny.Data, "--device", "cpu", "--out", Folder, .. TinyExperiment.Options, "--shard", "1/2"]);
        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith($"error: {Folder}: cannot be written", Assert.Single(refused.Error.TrimEnd().Split('\n')),
            StringComparison.Ordinal);
    }
}
