using System.Globalization;
using System.Text.Json;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Tests.Models;

namespace IlgpuDistance.Training.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private static readonly NetworkPlan Plan =
        NetworkPlan.Compile(Network.Parse("linear(3) > relu > linear(2)"), inputs: 4, classes: 2);
    private static readonly ModelDescription Model = SavedModelTests.DescriptionOf(Plan);

    private readonly TemporaryFolder _folder = new();

    private string Out => _folder["run"];

    public void Dispose() => _folder.Dispose();

    private static RunDescription Description() => new()
    {
        Model = Plan.Network.ToString(),
        Parameters = Plan.ParameterCount,
        Training = new TrainingSettings { Options = new TrainingOptions { Epochs = 3, LearningRate = 0.1f } },
        Data = new RunData("test", "nowhere", 8, 8, 4, 2, 1, 0, new Dictionary<string, string> { ["a"] = new string('a', 32) }),
        Device = new RunDevice("reference", "cpu", "cpu", ExecutorKind.Simd, 1),
    };

    private static Trainer NewTrainer(float learningRate = 0.1f)
    {
        Samples samples = TestSamples.Random(count: 8, width: 4, classes: 2);
        return new Trainer(new ReferenceExecutor(Plan), samples, samples,
            new TrainingOptions { Epochs = 3, EvaluateEvery = 2, LearningRate = learningRate },
                new TrainingState(0, Initialisation.Draw(Plan, 1)));
    }

    private List<EpochRecord> Train(Trainer trainer, bool force = false)
    {
        using RunFolder run = RunFolder.Begin(Out, force, Description());
        var records = new List<EpochRecord>();
        foreach (EpochRecord record in trainer.Run())
        {
            run.Append(record);
            records.Add(record);
        }
        run.Complete(trainer, Plan, Model);
        return records;
    }

    private JsonElement RunJson() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Out, "run.json"))).RootElement;

    [Fact]
    public void A_training_leaves_its_description_its_metrics_and_its_model_and_nothing_else()
    {
        using Trainer trainer = NewTrainer();
        List<EpochRecord> records = Train(trainer);

        Assert.Equal(["metrics.csv", "model.safetensors", "run.json"], Directory.GetFiles(Out).Select(Path.GetFileName).Order());
        Assert.Equal(trainer.ReadState().Parameters, SavedModel.Load(Path.Combine(Out, "model.safetensors")).ParametersFor(Plan));

        JsonElement run = RunJson();
        Assert.Equal("completed", run.GetProperty("outcome").GetString());
        Assert.Equal(Plan.Network.ToString(), run.GetProperty("model").GetString());
        Assert.Equal(3, run.GetProperty("training").GetProperty("options").GetProperty("epochs").GetInt32());
        Assert.Equal(new string('a', 32), run.GetProperty("data").GetProperty("md5").GetProperty("a").GetString());
        Assert.Equal(records[^1].Loss, run.GetProperty("final").GetProperty("loss").GetDouble());
        Assert.Equal("1.5.3", run.GetProperty("versions").GetProperty("ilgpu").GetString());
        Assert.Equal(Environment.Version.ToString(), run.GetProperty("versions").GetProperty("dotNet").GetString());
    }

    [Fact]
    public void The_metrics_have_a_line_per_epoch_that_gives_the_figures_back()
    {
        using Trainer trainer = NewTrainer();
        List<EpochRecord> records = Train(trainer);
        string text = File.ReadAllText(Path.Combine(Out, "metrics.csv"));
        string[] lines = text.Split('\n');

        Assert.Equal("epoch,loss,train_accuracy,test_accuracy,seconds", lines[0]);
        Assert.Equal("", lines[^1]);
        Assert.Equal(records.Count + 2, lines.Length);
        foreach (var (record, line) in records.Zip(lines.Skip(1)))
        {
            string[] fields = line.Split(',');
            Assert.Equal(record.Epoch, int.Parse(fields[0], CultureInfo.InvariantCulture));
            Assert.Equal(record.Loss, double.Parse(fields[1], CultureInfo.InvariantCulture));
            Assert.Equal(record.TrainAccuracy, double.Parse(fields[2], CultureInfo.InvariantCulture), 1e-4);
            Assert.Equal(record.TestAccuracy is null, fields[3].Length == 0);
            Assert.Equal(record.Seconds, double.Parse(fields[4], CultureInfo.InvariantCulture), 1e-6);
        }
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.5, 97.25, 96.5, 0.25, "7,1.5,97.2500,96.5000,0.250000")]
    [InlineData(0.1, 10, null, 12, "7,0.1,10.0000,,12.000000")]
    [InlineData(double.NaN, 0, null, 0, "7,NaN,0.0000,,0.000000")]
    public void A_line_is_written_the_same_everywhere(double loss, double train, double? test, double seconds, string line) =>
        Assert.Equal(line, MetricsFile.Line(new EpochRecord(7, loss, train, test, seconds)));

    [Fact]
    public void A_training_that_diverges_leaves_the_reason_and_the_bad_row_but_no_model_that_is_not_finite()
    {
        using Trainer trainer = NewTrainer(learningRate: 3e38f);
        List<EpochRecord> records = Train(trainer);
        Assert.Equal(TrainingOutcome.Diverged, trainer.Outcome);

        Assert.Equal("diverged", RunJson().GetProperty("outcome").GetString());
        Assert.Equal(trainer.Divergence, RunJson().GetProperty("reason").GetString());
        Assert.False(File.Exists(Path.Combine(Out, "model.safetensors")));
        Assert.Equal(records.Count + 1, File.ReadAllLines(Path.Combine(Out, "metrics.csv")).Length);
    }

    [Fact]
    public void Until_it_is_complete_a_run_says_so()
    {
        using (RunFolder run = RunFolder.Begin(Out, force: false, Description()))
        {
            run.Append(new EpochRecord(0, 1, 2, 3, 4));
            Assert.Equal("running", RunJson().GetProperty("outcome").GetString());
        }
        Assert.Equal(["metrics.csv.partial", "run.json"], Directory.GetFiles(Out).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("metrics.csv")]
    [InlineData("metrics.csv.partial")]
    [InlineData("model.safetensors")]
    public void A_folder_that_holds_a_run_is_left_alone_unless_forced(string file)
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, file), "precious");
        File.WriteAllText(Path.Combine(Out, "notes.txt"), "mine");

        var error = Assert.Throws<InputException>(() => RunFolder.Begin(Out, force: false, Description()));
        Assert.Contains($"holds a run already ({file})", error.Message, StringComparison.Ordinal);
        Assert.Contains("or replace it", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(Path.Combine(Out, file)));

        using Trainer trainer = NewTrainer();
        Train(trainer, force: true);
        Assert.Equal("completed", RunJson().GetProperty("outcome").GetString());
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Out, "notes.txt")));
        Assert.Equal(4, Directory.GetFiles(Out).Length);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        File.WriteAllText(Out, "");
        Assert.Contains("is a file", Assert.Throws<InputException>(() => RunFolder.Begin(Out, true, Description())).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => RunFolder.Begin(Path.Combine(Out, "below"), true, Description()));
    }

    [Fact]
    public void The_metrics_are_kept_where_the_model_cannot_be_written()
    {
        using Trainer trainer = NewTrainer();
        using RunFolder run = RunFolder.Begin(Out, force: false, Description());
        // A folder of the model's name, which no file can replace.
        Directory.CreateDirectory(Path.Combine(Out, "model.safetensors"));
        Assert.Throws<IOException>(() => run.Complete(trainer, Plan, Model));
        Assert.True(File.Exists(Path.Combine(Out, "metrics.csv")));
    }

    [Fact]
    public void A_folder_lost_during_the_training_is_an_error_that_names_the_file()
    {
        using Trainer trainer = NewTrainer();
        using RunFolder run = RunFolder.Begin(Out, force: false, Description());
        Directory.Delete(Out, recursive: true);
        var error = Assert.Throws<IOException>(() => run.Complete(trainer, Plan, Model));
        Assert.StartsWith($"cannot write {Path.Combine(Out, "model.safetensors")}: ", error.Message, StringComparison.Ordinal);
    }
}
