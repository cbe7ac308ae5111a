using System.Diagnostics;
using System.Text.Json;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Tests.Files;

public sealed class FolderLockTests : IDisposable
{
    private static readonly LockTimes Locked = LockTimes.Default;

    // As on a file system that takes every lock for granted.
    private static readonly LockTimes Unlocked = Locked with { Share = FileShare.ReadWrite };

    private readonly TemporaryFolder _folder = new();

    private string Out => _folder["a/b"];

    private string Owner => Path.Combine(Out, ".owner");

    public void Dispose() => _folder.Dispose();

    private FolderLock Take(LockTimes? times = null) => FolderLock.Take(Out, "run", times: times);

    private string Refusal(LockTimes? times = null) => Assert.ThrowsAny<InputException>(() => Take(times)).Message;

    /// <summary>Leaves the record of another process.</summary>
    /// <param name="change">How it differs from one of this process.</param>
    /// <param name="age">How long ago it was renewed.</param>
    private void Leave(Func<OwnerRecord, OwnerRecord> change, TimeSpan age = default)
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Owner, JsonSerializer.Serialize(change(OwnerRecord.OfThisProcess()), JsonFile.Options));
        File.SetLastWriteTimeUtc(Owner, DateTime.UtcNow - age);
    }

    private static OwnerRecord Elsewhere(OwnerRecord record) =>
        record with { Host = "elsewhere", Machine = "m", Boot = "b", ProcessId = 7 };

    /// <summary>The number of a process that has just ended, and its start.</summary>
    private static OwnerRecord Ended(OwnerRecord record)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return record with { ProcessId = process.Id };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_owner_is_named_and_its_end_leaves_the_folder_free_and_empty(bool withLocks)
    {
        LockTimes times = withLocks ? Locked : Unlocked;
        using (FolderLock held = Take(times))
        {
            Assert.Matches(
                $"^{Out}: process {Environment.ProcessId} on {Environment.MachineName}, since [^,]* is at work on this run; " +
                    $"wait for its end, ", Refusal(times));
            held.EnsureHeld(atOnce: true);
        }
        Assert.Empty(Directory.GetFileSystemEntries(Out));
        Take(times).Dispose();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Of_many_who_race_for_a_folder_exactly_one_gets_it(bool withLocks, bool afterDead)
    {
        LockTimes times = withLocks ? Locked : Unlocked;
        OwnerRecord dead = Ended(OwnerRecord.OfThisProcess());
        for (int round = 0; round < 40; round++)
        {
            if (afterDead)
                Leave(record => dead with { Token = record.Token });
            var taken = new FolderLock?[6];
            string[] refusals = new string[taken.Length];
            using var start = new Barrier(taken.Length);
            Thread[] threads = [.. Enumerable.Range(0, taken.Length).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    taken[i] = Take(times);
                }
                catch (InputException refusal)
                {
                    refusals[i] = refusal.Message;
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.True(taken.Count(held => held is not null) == 1, $"round {round}: {string.Join("; ", refusals)}");
            Array.ForEach(taken, held => held?.Dispose());
            Assert.Empty(Directory.GetFileSystemEntries(Out));
        }
    }

    [Fact]
    public void A_folder_whose_owner_has_ended_is_taken_at_once()
    {
        Leave(Ended);
        Take().Dispose();
        // The number has been given to another process since.
        Leave(record => record with { Start = "1" });
        Take().Dispose();
        // In another container, where this process cannot look; but the system would have the record locked if it lived.
        Leave(record => record with { Numbers = "others", IsLocked = true });
        Take().Dispose();
    }

    [SkippableFact]
    public void A_folder_whose_owner_ended_with_its_machine_is_taken_at_once()
    {
        Skip.If(OwnerRecord.OfThisProcess().Machine.Length == 0, "this system has no /etc/machine-id");
        Leave(record => record with { Boot = "an earlier one" });
        Take().Dispose();
    }

    [Fact]
    public void Without_locks_an_owner_in_another_container_or_on_another_machine_counts_as_alive_while_it_renews_its_record()
    {
        Leave(Elsewhere);
        Assert.Matches(
            $"^{Out}: process 7 on elsewhere, since [^,]*, which gave a sign of life \\d+ s ago and counts as dead 120 s " +
                $"after its last, is at work on this run; ",
            Refusal());
        Leave(record => record with { Numbers = "others" });
        Refusal();
        // The clock by which the file system notes it is ahead.
        Leave(Elsewhere, -TimeSpan.FromSeconds(60));
        Refusal();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-9000)]
    public void An_owner_elsewhere_that_is_silent_is_watched_for_a_while_and_then_gone(int secondsAgo)
    {
        LockTimes times = Locked with { Watch = TimeSpan.FromMilliseconds(50) };
        Leave(Elsewhere, TimeSpan.FromSeconds(secondsAgo));
        Take(times).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [Fact]
    public async Task An_owner_elsewhere_whose_clock_is_wrong_is_seen_to_renew_its_record()
    {
        Leave(Elsewhere, TimeSpan.FromHours(1));
        // Whose end is waited for: a renewal must not find the folder removed.
        await using var renewing = new Timer(_ => Leave(record => Elsewhere(
            record) with
        { Token = "00112233445566ff", Beat = Environment.TickCount64 }, TimeSpan.FromHours(1)), null, 0, 20);
        Assert.Contains("process 7 on elsewhere", Refusal(Locked with { Watch = TimeSpan.FromSeconds(2) }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"token\": \"../../../../etc\"}")]
    public void A_record_that_cannot_be_read_is_somebody_s_while_it_is_new(string content)
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Owner, content);
        LockTimes times = Locked with { Making = TimeSpan.FromMilliseconds(50), Watch = TimeSpan.Zero };
        Assert.Contains(": another process, which gave a sign of life ", Refusal(times), StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(Owner, DateTime.UtcNow.AddHours(-1));
        Take(times).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [SkippableFact]
    public async Task A_record_is_whole_from_the_first_moment_so_that_a_kill_leaves_no_empty_one()
    {
        if (OperatingSystem.IsWindows())
            throw new SkipException("files are not linked on Windows");
        Directory.CreateDirectory(Out);
        using var end = new CancellationTokenSource();
        Task<int> reader = Task.Run(() =>
        {
            int seen = 0;
            var owner = new FileInfo(Owner);
            while (!end.IsCancellationRequested)
            {
                owner.Refresh();
                if (!owner.Exists)
                    continue;
                Assert.NotEqual(0, owner.Length);
                seen++;
            }
            return seen;
        });
        for (int i = 0; i < 200; i++)
            Take().Dispose();
        await end.CancelAsync();
        Assert.NotEqual(0, await reader);
    }

    [Fact]
    public void A_process_that_died_while_it_removed_a_record_is_in_nobody_s_way()
    {
        Leave(record => Ended(record) with { Token = "0011223344556677" });
        File.Copy(Owner, $"{Owner}.0011223344556677");
        File.Copy(Owner, $"{Owner}.8899aabbccddeeff");
        Take().Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [Fact]
    public void An_owner_renews_its_record_and_one_that_was_taken_for_dead_is_told_who_has_its_folder()
    {
        using FolderLock held = Take(Unlocked with { Beat = TimeSpan.FromMilliseconds(10) });
        string first = File.ReadAllText(Owner);
        HangLimit.WaitUntil(() => File.ReadAllText(Owner) != first);
        File.Delete(Owner);
        held.EnsureHeld(atOnce: true);
        Leave(Elsewhere);
        Assert.StartsWith($"{Out}: process 7 on elsewhere, since ",
            Assert.Throws<IOException>(() => held.EnsureHeld(atOnce: true)).Message, StringComparison.Ordinal);
        string other = File.ReadAllText(Owner);
        held.Dispose();
        Assert.Equal(other, File.ReadAllText(Owner));
    }

    [Fact]
    public void Somebody_with_patience_waits_for_the_end_of_an_owner()
    {
        FolderLock held = Take();
        using var end = new Timer(_ => held.Dispose(), null, 50, Timeout.Infinite);
        FolderLock.Take(Out, "report", patience: HangLimit.Value).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_one_line()
    {
        File.WriteAllText(_folder["a"], "");
        Assert.StartsWith($"{Out}: cannot be written: ", Refusal(), StringComparison.Ordinal);
    }
}
