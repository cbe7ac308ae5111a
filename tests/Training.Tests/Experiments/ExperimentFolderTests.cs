using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Experiments;

public sealed class ExperimentFolderTests : IDisposable
{
    private static readonly ExperimentModel Abs = new("Abs", "Abs", "linear(4) > abs > linear(2)");
    private static readonly ExperimentModel ReLU = new("ReLU", "ReLU", "linear(4) > relu > linear(2)");

    private readonly TemporaryFolder _folder = new();

    private string Out => _folder["experiment"];

    public void Dispose() => _folder.Dispose();

    private static ExperimentDescription Description(
        int runs = 2, float lr = 0.1f, string md5 = "00000000", params ExperimentModel[] models) => new()
        {
            Models = models.Length > 0 ? models : [Abs],
            Runs = runs,
            Epochs = 3,
            Training = new TrainingSettings { Options = new TrainingOptions { Epochs = 3, LearningRate = lr } },
            Data = new RunData(
                "small", "here", 8, 4, 6, 2, 1, 0, new Dictionary<string, string> { ["a"] = md5.PadRight(32, '0') }),
        };

    private ExperimentDescription Opened(ExperimentDescription wanted)
    {
        using var folder = ExperimentFolder.Open(Out, wanted);
        return folder.Description;
    }

    private string Refusal(ExperimentDescription wanted) => Assert.ThrowsAny<InputException>(() => Opened(wanted)).Message;

    [Fact]
    public void A_description_is_read_as_it_was_written()
    {
        ExperimentDescription written = Opened(Description()), read = ExperimentFolder.Find(Out)!;
        Assert.Equal(written.Models, read.Models);
        Assert.Equal(written.Training, read.Training);
        Assert.True(written.Data.IsSameAs(read.Data));
        Assert.Equal((written.Runs, written.Epochs, written.Started, written.Versions),
            (read.Runs, read.Epochs, read.Started, read.Versions));
        Assert.Null(ExperimentFolder.Find(_folder["none"]));
        Assert.Equal(Path.Combine(Out, "Abs", "11"), ExperimentFolder.RunFolder(Out, Abs, 11));
    }

    [Fact]
    public void More_runs_and_models_are_added_and_fewer_take_nothing_away()
    {
        DateTimeOffset started = Opened(Description(runs: 2, models: [Abs])).Started;
        Assert.Equal(3, Opened(Description(runs: 3, models: [ReLU, Abs])).Runs);
        Opened(Description(runs: 1, models: [ReLU]));
        ExperimentDescription description = ExperimentFolder.Find(Out)!;
        Assert.Equal([Abs, ReLU], description.Models);
        Assert.Equal((3, started), (description.Runs, description.Started));
    }

    [Fact]
    public void Another_value_of_an_option_that_decides_results_is_refused_with_both_values()
    {
        Opened(Description());
        byte[] before = File.ReadAllBytes(Path.Combine(Out, "experiment.json"));
        Assert.Equal($"learning rate 0.2: {Out} was begun with learning rate 0.1; use that, or name another folder",
            Refusal(Description(lr: 0.2f)));
        Assert.Equal(
            $"the data is small (here; 8 and 4 images in 2 classes, MD5 11111111), but {Out} was begun with small (here; 8 " +
                $"and 4 images in 2 classes, MD5 00000000); " +
            "choose that data, or name another folder", Refusal(Description(md5: "11111111")));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Out, "experiment.json")));
    }

    private static ExperimentModel Variant(ExperimentModel model, float lr, string text, RunData? data = null) =>
        ExperimentModel.Variant(
            model, new Dictionary<string, string> { ["lr"] = text },
            new TrainingSettings { Options = new TrainingOptions { Epochs = 3, LearningRate = lr } }, data);

    [Fact]
    public void A_variant_has_a_name_a_folder_and_settings_of_its_own_and_is_read_as_it_was_written()
    {
        ExperimentModel slow = Variant(Abs, 0.01f, "0.01"), fast = Variant(Abs, 1, "1");
        Assert.Equal(("Abs, lr 0.01", "Abs"), (slow.Name, slow.Title));
        Assert.NotEqual(slow.Folder, fast.Folder);
        Assert.Matches("^Abs-lr-0-01-[0-9a-f]{12}$", slow.Folder);
        Opened(Description(models: [slow, fast, Abs]));
        ExperimentDescription read = ExperimentFolder.Find(Out)!;
        Assert.Equal([0.01f, 1, 0.1f], read.Models.Select(model => read.TrainingOf(model).Options.LearningRate));
        Assert.Equal([slow.Name, fast.Name, "Abs"], read.Models.Select(model => model.Name));
        Assert.Equal([new("lr", "0.01")], read.Models[0].Varied!);
        Assert.True(read.IsSweep);
    }

    [Fact]
    public void Variants_are_added_each_once_however_their_values_are_written()
    {
        Opened(Description(models: [Abs, Variant(Abs, 0.01f, "0.01")]));
        ExperimentDescription more = Opened(Description(models: [Variant(Abs, 0.01f, "1e-2"), Variant(ReLU, 0.01f, "0.01")]));
        Assert.Equal(["Abs", "Abs, lr 0.01", "ReLU, lr 0.01"], more.Models.Select(model => model.Name));
        // A variant that is trained as the model is remains a point of the sweep.
        Assert.Equal(4, Opened(Description(models: [Variant(Abs, 0.1f, "0.1")])).Models.Count);
    }

    [Fact]
    public void Variants_with_data_of_their_own_do_not_ask_for_the_experiments()
    {
        RunData other = Description(md5: "11111111").Data;
        Opened(Description());
        ExperimentDescription both = Opened(
            Description(md5: "11111111", models: [Variant(Abs, 0.1f, "0.1", other)]));
        Assert.Equal([true, false], both.Models.Select(model => both.DataOf(model).IsSameAs(both.Data)));
    }

    [Fact]
    public void A_model_of_the_same_name_with_other_layers_is_refused_and_the_description_stays_as_it_is()
    {
        Opened(Description(models: [Abs]));
        byte[] before = File.ReadAllBytes(Path.Combine(Out, "experiment.json"));
        Assert.Equal(
            $"model {ReLU.Network}: {Out} was begun with model {Abs.Network}; use that, or name another folder",
            Refusal(Description(models: [Abs with { Network = ReLU.Network }])));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Out, "experiment.json")));
    }

    [Fact]
    public void The_same_data_may_lie_elsewhere()
    {
        Opened(Description());
        ExperimentDescription moved = Description();
        Opened(moved with { Data = moved.Data with { Location = "there" } });
    }

    [Fact]
    public void Only_one_process_at_a_time_has_a_folder_and_the_refusal_names_it()
    {
        using (ExperimentFolder.Open(Out, Description()))
        {
            Assert.Matches(
                $"^.*: process {Environment.ProcessId} on {Environment.MachineName}, since .* is at work on this experiment; ",
                Refusal(Description()));
        }
        Opened(Description());
    }

    [Fact]
    public void Many_that_share_a_folder_from_the_same_moment_on_agree_upon_one_description_and_hold_nothing()
    {
        var agreed = new ExperimentDescription[8];
        using var start = new Barrier(agreed.Length);
        Thread[] threads = [.. Enumerable.Range(0, agreed.Length).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            using var folder = ExperimentFolder.Share(Out, Description(runs: i + 1, models: i % 2 == 0 ? [Abs] : [ReLU]));
            agreed[i] = folder.Description;
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        ExperimentDescription found = ExperimentFolder.Find(Out)!;
        Assert.Equal((2, 8), (found.Models.Count, found.Runs));
        Assert.All(agreed, description => Assert.Equal(found.Started, description.Started));
        Assert.Equal(["experiment.json"], Directory.GetFileSystemEntries(Out).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Who_shares_a_folder_writes_nothing_that_is_there_already()
    {
        Opened(Description(runs: 2, models: [Abs, ReLU]));
        string file = Path.Combine(Out, "experiment.json");
        byte[] before = File.ReadAllBytes(file);
        DateTime written = File.GetLastWriteTimeUtc(file);
        ExperimentFolder.Share(Out, Description(runs: 1, models: [ReLU])).Dispose();
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
        Assert.StartsWith("learning rate 0.2: ",
            Assert.Throws<InputException>(() => ExperimentFolder.Share(Out, Description(lr: 0.2f))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_the_whole_folder_and_who_has_a_share_do_not_work_in_it_at_once()
    {
        ExperimentDescription both = Description(runs: 2, models: [Abs, ReLU]);
        using (ExperimentFolder.Open(Out, both))
        {
            Assert.Contains(" is at work on this experiment", Assert.Throws<FolderTakenException>(
                () => ExperimentFolder.Share(Out, both, patience: TimeSpan.Zero)).Message, StringComparison.Ordinal);
        }
        ExperimentFolder.Share(Out, both).Dispose();
        string run = ExperimentFolder.RunFolder(Out, ReLU, 1);
        // Also who asks for less than what is at work.
        using (FolderLock.Take(run, "run"))
        {
            Assert.Matches(
                $"^{Regex.Escape(run)}: process .* is at work on this run; wait ", Refusal(Description(models: [Abs])));
        }
        Opened(both);
    }

    [Fact]
    public void A_folder_that_was_refused_for_its_options_is_free_again()
    {
        Opened(Description());
        Refusal(Description(lr: 0.2f));
        Opened(Description());
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        File.WriteAllText(Out, "");
        Assert.Equal($"{Out}: is a file; name a folder", Refusal(Description()));
        Assert.StartsWith(
            $"{Out}/below: cannot be written: ",
            Assert.Throws<InputException>(() => ExperimentFolder.Open($"{Out}/below", Description())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_that_is_damaged_is_an_error_that_names_the_file()
    {
        Opened(Description());
        string file = Path.Combine(Out, "experiment.json");
        File.WriteAllText(file, "{ \"models\": [");
        Assert.StartsWith($"{file}: is damaged or not of this program: ", Refusal(Description()), StringComparison.Ordinal);
        Assert.Equal("{ \"models\": [", File.ReadAllText(file));
    }
}
