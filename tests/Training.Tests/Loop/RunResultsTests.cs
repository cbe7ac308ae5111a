using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Tests.Runs;

namespace IlgpuDistance.Training.Tests.Loop;

/// <summary>Completed trainings whose results were lost or changed.</summary>
public sealed class RunResultsTests(DisturbedTraining.Cpu cpu) : DisturbedTraining(cpu)
{
    [Fact]
    public void A_saved_model_in_which_any_bit_of_a_value_is_flipped_is_refused_beside_its_description_and_nowhere_else()
    {
        string path = PathOf("whole", "model.safetensors");
        byte[] saved = File.ReadAllBytes(path);
        float[] parameters = RunResults.LoadModel(path).ParametersFor(Setup.Plan);
        for (int bit = 0; bit < 8 * 4 * Setup.Plan.ParameterCount; bit++)
        {
            byte[] damaged = [.. saved];
            damaged[^(1 + bit / 8)] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(path, damaged);
            var error = Assert.Throws<InputException>(() => RunResults.LoadModel(path));
            Assert.StartsWith($"{Folder["whole"]}: model.safetensors is not the one that the training saved (its SHA-256 is not ",
                error.Message, StringComparison.Ordinal);
            Assert.EndsWith("or move this one to a folder of its own to use it as it is", error.Message,
                StringComparison.Ordinal);
        }
        // On purpose, and in a folder of its own.
        File.Move(path, Folder["model.safetensors"]);
        Assert.NotEqual(parameters, RunResults.LoadModel(Folder["model.safetensors"]).ParametersFor(Setup.Plan));
    }

    [SkippableFact]
    public void A_damaged_model_is_refused_through_a_link_as_well()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege");
        string path = PathOf("whole", "model.safetensors"), link = Folder["link"];
        File.CreateSymbolicLink(link, path);
        RunResults.LoadModel(link);
        byte[] damaged = File.ReadAllBytes(path);
        damaged[^1] ^= 1;
        File.WriteAllBytes(path, damaged);
        Assert.Throws<InputException>(() => RunResults.LoadModel(link));
    }

    [Fact]
    public void A_saved_model_loads_beside_a_description_without_its_sum()
    {
        RunDescription described = RunFolder.Find(Folder["whole"])!;
        JsonFile.Write(PathOf("whole", "run.json"), described with { Sha256 = null });
        Damage("whole", "model.safetensors", file => [.. file[..^1], (byte)(file[^1] ^ 1)]);
        RunResults.LoadModel(PathOf("whole", "model.safetensors"));
    }

    [Fact]
    public void A_completed_run_with_its_results_is_at_its_end()
    {
        Assert.True(RunProgress.Find(Folder["whole"], Warnings.Add)!.IsEndOf(Describe(Setup)));
        Damage("whole", "metrics.csv", file => [.. file.SelectMany(value => value == '\n' ? "\r\n"u8.ToArray() : [value])]);
        Assert.True(RunProgress.Find(Folder["whole"], Warnings.Add)!.IsEndOf(Describe(Setup)));
    }

    public static TheoryData<string, string, Func<byte[], byte[]?>> Losses() => new()
    {
        { "metrics.csv", "metrics.csv is missing", file => null },
        { "metrics.csv", "metrics.csv was changed since", file => [] },
        { "metrics.csv", "metrics.csv was changed since", file => [.. file[..60], (byte)(file[60] ^ 1), .. file[61..]] },
        { "model.safetensors", "model.safetensors is missing", file => null },
        { "model.safetensors", "model.safetensors is not the one that the training saved", file => [] },
        { "model.safetensors", "model.safetensors is not the one that the training saved",
            file => [.. file[..^1], (byte)(file[^1] ^ 1)] },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_completed_run_whose_results_were_lost_or_changed_is_trained_from_its_checkpoint_or_refused(
        string file, string problem, Func<byte[], byte[]?> change)
    {
        Train("run", killedAfter: Epochs);
        byte[] checkpoint = File.ReadAllBytes(PathOf("run", "checkpoint"));
        Train("run");
        byte[]? changed = change(File.ReadAllBytes(PathOf("run", file)));
        if (changed is null)
            File.Delete(PathOf("run", file));
        else
            File.WriteAllBytes(PathOf("run", file), changed);
        AssertRefused("run", $"{Folder["run"]}: this run is completed, but {problem}");

        // As a kill leaves it that comes before the checkpoint is removed.
        File.WriteAllBytes(PathOf("run", "checkpoint"), checkpoint);
        if (file == "metrics.csv")
        {
            AssertRefused("run", $"{PathOf("run", changed is null ? "metrics.csv.partial" : "metrics.csv")}: its first ");
            return;
        }
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void Results_of_a_version_that_kept_no_sums_are_accepted_unless_a_row_is_there_twice()
    {
        RunDescription described = RunFolder.Find(Folder["whole"])!;
        JsonFile.Write(PathOf("whole", "run.json"),
            described with { Sha256 = null, Device = described.Device with { Arithmetic = null } });
        Assert.True(RunProgress.Find(Folder["whole"], Warnings.Add)!.IsEndOf(Describe(Setup)));
        AssertRefused("whole", $"epochs 9: {Folder["whole"]} was trained by an earlier version", Variant(epochs: 9));

        string[] lines = File.ReadAllLines(PathOf("whole", "metrics.csv"));
        File.WriteAllLines(PathOf("whole", "metrics.csv"), [lines[0], lines[1], .. lines[1..]]);
        AssertRefused(
            "whole", $"{Folder["whole"]}: this run is completed, but line 3 of metrics.csv is not that of epoch 1 (an " +
            $"earlier version wrote row 0 twice; delete this line)");
    }
}
