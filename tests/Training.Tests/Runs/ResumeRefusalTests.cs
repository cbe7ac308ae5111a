using System.Security.Cryptography;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Runs;

/// <summary>Folders that were damaged or changed before a training goes on, or in which another one is asked for.</summary>
public sealed class ResumeRefusalTests(DisturbedTraining.Cpu cpu) : DisturbedTraining(cpu)
{
    public static TheoryData<Func<byte[], byte[]>> Damages() => new()
    {
        file => [],
        file => file[..^1],
        file => file[..(file.Length / 2)],
        file => [.. file[..40], (byte)(file[40] ^ 1), .. file[41..]],
        file => [.. file[..^40], (byte)(file[^40] ^ 0x80), .. file[^39..]],
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_checkpoint_is_reported_and_the_one_before_it_used(Func<byte[], byte[]> damage)
    {
        Train("run", killedAfter: 5);
        Damage("run", "checkpoint", damage);
        Assert.Equal(4, StoredCheckpoint.NewestIn(Folder["run"])!.Epoch);
        Train("run", killedAfter: 4);
        Assert.Equal(
            $"{PathOf("run", "checkpoint")} is damaged: the checksum does not match; the checkpoint before it is used.",
            Assert.Single(Warnings));
        // The damaged one must not have become the previous one, where it would have pushed out the sound one.
        Assert.Equal(4, CheckpointFile.Read(PathOf("run", "checkpoint")).State.Epoch);
        Train("run");
        AssertSameAsWhole("run");
        Assert.Single(Warnings);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(null)]
    public void A_run_whose_description_is_missing_is_refused_with_what_to_do(int? killedAfter)
    {
        Train("run", killedAfter: killedAfter);
        File.Delete(PathOf("run", "run.json"));
        AssertRefused("run", $"{Folder["run"]}: run.json, which says what is trained here, is missing beside metrics.csv");
    }

    [Fact]
    public void Without_a_sound_checkpoint_a_run_is_refused_and_nothing_is_touched()
    {
        Train("run", killedAfter: 5);
        Damage("run", "checkpoint", file => file[..^1]);
        Damage("run", "checkpoint.previous", file => file[1..]);
        AssertRefused(
            "run", $"{PathOf("run", "checkpoint")} is damaged: the checksum does not match, and there is no other checkpoint; ");
        Assert.Empty(Warnings);
    }

    [Fact]
    public void A_checkpoint_of_another_network_or_another_version_is_refused()
    {
        Train("run", killedAfter: 5);
        string file = PathOf("run", "checkpoint");
        Checkpoint checkpoint = CheckpointFile.Read(file);
        CheckpointFile.Write(file, checkpoint with { State = checkpoint.State with { Parameters = [1, 2] } });
        AssertRefused("run", $"{file}: has 2 parameters where the run has {Setup.Plan.ParameterCount}; ");

        byte[] content = [.. "{\"format\":1}\n"u8];
        File.WriteAllBytes(file, [.. content, .. SHA256.HashData(content)]);
        AssertRefused(
            "run", $"{file}: was written by another version of this program, and with this one the run would get other bits; ");
    }

    public static TheoryData<Func<byte[], byte[]>> HarmlessChanges() => new()
    {
        file => [.. file.SelectMany(value => value == '\n' ? "\r\n"u8.ToArray() : [value])],
        file => [.. "\uFEFF"u8, .. file],
        file => [.. "\uFEFF"u8, .. file.SelectMany(value => value == '\n' ? "\r\n"u8.ToArray() : [value])],
        file => file[..^1],
    };

    [Theory]
    [MemberData(nameof(HarmlessChanges))]
    public void Metrics_that_a_spreadsheet_saved_are_read_and_written_as_they_were(Func<byte[], byte[]> change)
    {
        Train("run", killedAfter: 5);
        Damage("run", "metrics.csv.partial", change);
        Train("run", killedAfter: 6);
        Assert.Equal(6, StoredCheckpoint.NewestIn(Folder["run"])!.Epoch);
        Damage("run", "metrics.csv.partial", change);
        Train("run");
        AssertSameAsWhole("run");
        Assert.Empty(Warnings);

        Interrupt("interrupted", 5);
        Damage("interrupted", "metrics.csv", change);
        Train("interrupted");
        AssertSameAsWhole("interrupted");
    }

    public static TheoryData<Func<byte[], byte[]>> OtherChanges() => new()
    {
        file => [.. file[..60], (byte)(file[60] ^ 1), .. file[61..]],
        file => file[..100],
        file => [.. file.Select(value => value == ',' ? (byte)';' : value)],
        file => [],
    };

    [Theory]
    [MemberData(nameof(OtherChanges))]
    public void Metrics_that_were_changed_or_lost_are_refused_and_the_checkpoints_kept(Func<byte[], byte[]> change)
    {
        Train("run", killedAfter: 5);
        byte[] metrics = File.ReadAllBytes(PathOf("run", "metrics.csv.partial"));
        Damage("run", "metrics.csv.partial", change);
        long marked = CheckpointFile.Read(PathOf("run", "checkpoint")).Metrics.Bytes;
        AssertRefused(
            "run", $"{PathOf("run", "metrics.csv.partial")}: its first {marked} bytes are not those that checkpoint goes on " +
            $"from; put the file back");

        File.WriteAllBytes(PathOf("run", "metrics.csv.partial"), metrics);
        Train("run");
        AssertSameAsWhole("run");
    }

    public static TheoryData<string, object> Changes() => new()
    {
        { "model linear(5) > abs > linear(3): ", Variant(network: "linear(5) > abs > linear(3)") },
        { "learning rate 0.5: ", Variant(lr: 0.5f) },
        { "optimizer momentum(0.5): ", Variant(optimizer: "momentum(0.5)") },
        { "learning rate schedule step(2, 0.5): ", Variant(schedule: "step(2, 0.5)") },
        { "factors of the learning rate bias=0: ", Variant(rates: "bias=0") },
        { "seed 6: ", Variant(seed: 6) },
        { "run 3: ", Variant(run: 3) },
        { "the data is small (memory; 11 and 5 images in 3 classes, MD5 00000000), but ", Variant(data: SmallDataset(seed: 2)) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_that_would_alter_the_result_is_refused_by_name_and_nothing_is_touched(string message, object changed)
    {
        Train("run", killedAfter: 5);
        AssertRefused("run", message, (TrainingSetup)changed);
    }

    [Fact]
    public void Another_device_goes_on_with_no_run_but_may_begin_one_again()
    {
        RunDescription description = Describe(Setup);
        RunDescription elsewhere = description with { Device = description.Device with { Name = "another", Threads = 7 } };
        RunDescription narrower = description with { Device = description.Device with { Arithmetic = "64-bit vectors" } };
        Train("run", killedAfter: 5);
        var error = Assert.Throws<InputException>(() => RunFolder.Resume(Folder["run"], elsewhere, Warnings.Add));
        Assert.Contains(
            $"was begun on {description.Device.Name} (cpu, simd executor), and on another (cpu, simd executor) it would",
            error.Message, StringComparison.Ordinal);

        error = Assert.Throws<InputException>(() => RunFolder.Resume(Folder["run"], narrower, Warnings.Add));
        Assert.StartsWith(
            $"{Folder["run"]}: was begun with {description.Device.Arithmetic}, and with 64-bit vectors, as here, it would " +
                $"get other bits; ", error.Message, StringComparison.Ordinal);

        foreach (string checkpoint in new[] { "checkpoint", "checkpoint.previous" })
            File.Delete(PathOf("run", checkpoint));
        using RunFolder run = RunFolder.Resume(Folder["run"], elsewhere, Warnings.Add);
        Assert.Null(run.State);
        Assert.Equal("another", RunFolder.Find(Folder["run"])!.Device.Name);
    }

    [Fact]
    public void The_number_of_threads_may_change()
    {
        RunDescription description = Describe(Setup);
        Train("run", killedAfter: 5);
        using RunFolder run = RunFolder.Resume(
            Folder["run"], description with { Device = description.Device with { Threads = 7 } }, Warnings.Add);
        Assert.Equal(5, run.State!.Epoch);
    }

    [Fact]
    public void A_run_that_is_going_on_cannot_be_taken_up_nor_replaced()
    {
        Train("run", killedAfter: 5);
        using (RunFolder.Resume(Folder["run"], Describe(Setup), Warnings.Add))
        {
            foreach (Func<RunFolder> second in new Func<RunFolder>[]
            {
                () => RunFolder.Resume(Folder["run"], Describe(Setup), Warnings.Add),
                () => RunFolder.Begin(Folder["run"], force: true, Describe(Setup)),
            })
            {
                var error = Assert.ThrowsAny<InputException>(second);
                Assert.StartsWith($"{Folder["run"]}: process {Environment.ProcessId} on ", error.Message,
                    StringComparison.Ordinal);
                Assert.Contains(" is at work on this run; wait for its end, ", error.Message, StringComparison.Ordinal);
            }
        }
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_description_that_cannot_be_read_is_an_error_that_names_the_file()
    {
        Train("run", killedAfter: 5);
        Damage("run", "run.json", file => file[..20]);
        Assert.StartsWith(PathOf("run", "run.json"), Assert.Throws<InputException>(() => Train("run")).Message,
            StringComparison.Ordinal);
    }
}
