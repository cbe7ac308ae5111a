using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Runs;

/// <summary>Trainings that are killed or interrupted and go on, compared with one that was left in peace.</summary>
public sealed class ResumeTests(DisturbedTraining.Cpu cpu) : DisturbedTraining(cpu)
{
    [Fact]
    public void A_training_killed_after_any_epoch_ends_with_the_bits_of_one_that_was_not()
    {
        Assert.Equal(Epochs + 2, Metrics("whole").Length);
        foreach (int every in new[] { 1, 3, 100 })
        {
            for (int epoch = 0; epoch < Epochs; epoch++)
            {
                string name = $"{every} {epoch}";
                Train(name, epoch, new CheckpointInterval(every, 0));
                Assert.Equal(epoch < every ? null : epoch / every * every, StoredCheckpoint.NewestIn(Folder[name])?.Epoch);
                Train(name);
                AssertSameAsWhole(name);
            }
        }
        Assert.Empty(Warnings);
    }

    public static TheoryData<string> Optimizers => [.. Optimizer.All.Select(syntax => syntax.Default.ToString())];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_training_with_any_optimizer_goes_on_from_checkpoints_and_results_with_the_same_bits(string optimizer)
    {
        TrainingSetup With(int epochs) =>
            Variant(epochs: epochs, optimizer: optimizer, schedule: "step(3, 0.5, warm-up: 2)", rates: "bias=0.5");
        Train("all", setup: With(Epochs));
        Train("killed", killedAfter: 3, setup: With(Epochs));
        Train("killed", killedAfter: 5, setup: With(Epochs));
        Train("killed", setup: With(Epochs));
        AssertSameAsWhole("killed", "all");

        Interrupt("interrupted", 2, With(Epochs));
        if (File.Exists(PathOf("interrupted", "checkpoint")))
            File.Delete(PathOf("interrupted", "checkpoint"));
        Train("interrupted", setup: With(Epochs));
        AssertSameAsWhole("interrupted", "all");

        Train("more", setup: With(4));
        Train("more", setup: With(Epochs));
        AssertSameAsWhole("more", "all");
        Assert.Equal(Optimizer.Parse(optimizer).State.Count > 0, File.Exists(PathOf("all", "optimizer.safetensors")));
    }

    [Fact]
    public void What_an_optimizer_keeps_has_to_be_there_as_it_was_left()
    {
        TrainingSetup few = Variant(epochs: 4, optimizer: "momentum"), more = Variant(optimizer: "momentum");
        Train("missing", setup: few);
        File.Delete(PathOf("missing", "optimizer.safetensors"));
        AssertRefused("missing", $"{Folder["missing"]}: this run is completed, but optimizer.safetensors is missing; ", more);
        Train("changed", setup: few);
        Damage("changed", "optimizer.safetensors", file => [.. file[..^1], (byte)(file[^1] ^ 1)]);
        AssertRefused(
            "changed", $"{Folder["changed"]}: this run is completed, but optimizer.safetensors is not the one that the " +
            $"training saved (", more);

        Train("run", killedAfter: 5, setup: more);
        string checkpoint = PathOf("run", "checkpoint");
        Checkpoint without = CheckpointFile.Read(checkpoint);
        CheckpointFile.Write(checkpoint, without with { State = without.State with { Optimizer = null } });
        AssertRefused("run", $"{checkpoint}: does not hold what \"momentum(0.9)\" keeps; put back the run's own, ", more);
    }

    [Fact]
    public void A_schedule_that_depends_on_the_number_of_epochs_goes_on_with_that_number_alone()
    {
        TrainingSetup few = Variant(epochs: 5, schedule: "cosine"), more = Variant(schedule: "cosine");
        Train("all", setup: few);
        Train("run", killedAfter: 3, setup: few);
        AssertRefused(
            "run", $"epochs 8: {Folder["run"]} was begun with epochs 5, on which every learning rate of learning rate " +
            $"schedule cosine depends; ", more);
        Train("run", setup: few);
        AssertSameAsWhole("run", "all");
        AssertRefused("run", "epochs 8: ", more);
    }

    [Fact]
    public void A_run_of_an_older_version_goes_on_from_its_options_and_its_checkpoint_without_an_optimizer()
    {
        Train("run", killedAfter: 5);
        JsonObject description = JsonNode.Parse(File.ReadAllText(PathOf("run", "run.json")))!.AsObject();
        description.Remove("training");
        description["options"] = new JsonObject
        {
            ["batch-size"] = "3",
            ["epochs"] = Epochs,
            ["eval-every"] = 3,
            ["init"] = null,
            ["input-scale"] = "raw",
            ["lr"] = 1e-4f,
            ["offset-l2-form"] = "paper",
            ["seed"] = 5,
            ["threads"] = 1,
        };
        File.WriteAllText(PathOf("run", "run.json"), description.ToJsonString());
        Damage("run", "checkpoint", file =>
        {
            int end = Array.IndexOf(file, (byte)'\n');
            JsonObject header = JsonNode.Parse(file.AsSpan(0, end))!.AsObject();
            Assert.Equal(3, (int)header["format"]!);
            (header["format"], _, _) = (2, header.Remove("optimizer"), header.Remove("steps"));
            byte[] content = [.. Encoding.UTF8.GetBytes(header.ToJsonString()),
                .. file.AsSpan(end, file.Length - end - SHA256.HashSizeInBytes)];
            return [.. content, .. SHA256.HashData(content)];
        });
        AssertRefused("run", "seed 6: ", Variant(seed: 6));
        Train("run");
        AssertSameAsWhole("run");
        Assert.Empty(Warnings);
    }

    [Fact]
    public void A_training_killed_after_every_epoch_ends_the_same()
    {
        for (int epoch = 1; epoch < Epochs; epoch++)
            Train("run", epoch);
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_training_interrupted_at_any_epoch_ends_the_same_and_none_has_a_row_twice()
    {
        for (int epoch = -1; epoch < Epochs; epoch++)
        {
            Interrupt($"{epoch}", epoch);
            bool isEnd = epoch == Epochs - 1;
            Assert.Equal(isEnd ? Finished : ["checkpoint", .. Finished], FilesIn($"{epoch}"));
            if (!isEnd)
                Train($"{epoch}");
            AssertSameAsWhole($"{epoch}");
        }
    }

    [Fact]
    public void A_training_interrupted_again_and_again_ends_the_same()
    {
        for (int epoch = -1; epoch < Epochs; epoch += 2)
            Interrupt("run", epoch);
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_checkpoint_of_the_untrained_network_goes_on_with_the_first_epoch()
    {
        using (RunFolder run = RunFolder.Resume(Folder["run"], Describe(Setup), Warnings.Add))
        using (IExecutor executor = new ExecutorFactory(Device).Create(Setup.Plan))
        using (var session = new TrainingSession(Setup, executor, run))
        {
            Assert.Equal(0, session.Run().First().Epoch);
            run.Save(session.Trainer.ReadState());
        }
        Train("run", killedAfter: 0);
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_checkpoint_waits_for_the_later_of_the_epochs_and_the_time()
    {
        Train("run", killedAfter: 6, new CheckpointInterval(Epochs: 1, Seconds: 1000));
        Assert.Null(StoredCheckpoint.NewestIn(Folder["run"]));
        Train("run", killedAfter: 6, new CheckpointInterval(Epochs: 4, Seconds: 0));
        Assert.Equal(4, StoredCheckpoint.NewestIn(Folder["run"])!.Epoch);
    }

    [Fact]
    public void Metrics_beyond_the_checkpoint_even_half_a_line_are_cut_off()
    {
        Train("run", killedAfter: 5);
        File.AppendAllText(PathOf("run", "metrics.csv.partial"), "6,0.1,100.0000,,0.1\n7,0.");
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void A_kill_between_the_steps_of_a_checkpoint_costs_only_that_checkpoint()
    {
        Train("run", killedAfter: 5);
        File.Move(PathOf("run", "checkpoint"), PathOf("run", "checkpoint.previous"), overwrite: true);
        File.WriteAllText(PathOf("run", "checkpoint.0123456789abcdef0123456789abcdef.tmp"), "half of it");
        Train("run", killedAfter: 5);
        Assert.Equal(5, StoredCheckpoint.NewestIn(Folder["run"])!.Epoch);
        Train("run");
        AssertSameAsWhole("run");
        Assert.Empty(Warnings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_kill_between_the_steps_of_the_end_costs_no_result(int steps)
    {
        Train("run", killedAfter: Epochs);
        File.Move(PathOf("run", "metrics.csv.partial"), PathOf("run", "metrics.csv"));
        if (steps > 1)
            File.WriteAllText(PathOf("run", "model.safetensors.0123456789abcdef0123456789abcdef.tmp"), "half of it");
        if (steps > 2)
            File.Copy(PathOf("whole", "model.safetensors"), PathOf("run", "model.safetensors"));
        Train("run");
        AssertSameAsWhole("run");
    }

    [Fact]
    public void Checkpoints_that_a_kill_left_beside_a_finished_run_are_tidied_away()
    {
        Train("run", killedAfter: 5);
        foreach (string checkpoint in new[] { "checkpoint", "checkpoint.previous" })
            File.Copy(PathOf("run", checkpoint), PathOf("whole", checkpoint));
        // Of a process that was killed as it gave the folder up.
        File.WriteAllText(PathOf("whole", ".owner.0123456789abcdef"), "");
        RunFolder.Tidy(Folder["whole"]);
        Assert.Equal(Finished, FilesIn("whole"));
    }

    [Fact]
    public void An_interrupted_run_is_complete_in_itself_and_goes_on_even_without_its_checkpoint()
    {
        Interrupt("run", 4);
        RunDescription description = RunFolder.Find(Folder["run"])!;
        Assert.Equal((TrainingOutcome.Interrupted, 5), (description.Outcome, description.Final!.Epoch));
        Assert.NotNull(description.Final.TestAccuracy);
        Assert.Equal(Metrics("whole")[..7], Metrics("run"));

        File.Delete(PathOf("run", "checkpoint"));
        Train("run");
        AssertSameAsWhole("run");

        Interrupt("changed", 4);
        File.Delete(PathOf("changed", "checkpoint"));
        Damage("changed", "model.safetensors", file => [.. file[..^1], (byte)(file[^1] ^ 1)]);
        AssertRefused("changed",
            $"{Folder["changed"]}: this run is interrupted, but model.safetensors is not the one that the training saved (");
    }

    [Fact]
    public void A_training_that_diverges_after_it_was_killed_diverges_in_the_same_epoch()
    {
        TrainingSetup setup = Variant(lr: 100);
        Train("diverged", setup: setup);
        Train("run", killedAfter: 1, setup: setup);
        Train("run", setup: setup);
        RunDescription expected = RunFolder.Find(Folder["diverged"])!, run = RunFolder.Find(Folder["run"])!;
        Assert.Equal(TrainingOutcome.Diverged, expected.Outcome);
        Assert.InRange(expected.Final!.Epoch, 2, Epochs);
        Assert.Equal((expected.Outcome, expected.Reason), (run.Outcome, run.Reason));
        Assert.Equal(["metrics.csv", "run.json"], FilesIn("run"));
        Assert.Equal(Metrics("diverged"), Metrics("run"));
    }
}
