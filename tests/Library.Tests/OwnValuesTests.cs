using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Library.Tests;

/// <summary>Values of one's own in place of a data set, with labels and without.</summary>
public sealed class OwnValuesTests : IDisposable
{
    private static readonly NetworkPlan Plan =
        NetworkPlan.Compile(Network.Parse("linear(3, bias: false)"), inputs: 3, classes: 3);

    private readonly ComputeDevice _device = ComputeDevice.Open("cpu", threads: 2);

    public void Dispose() => _device.Dispose();

    /// <summary>An executor whose logits are the inputs.</summary>
    private IExecutor Create(ExecutorKind kind = ExecutorKind.Simd)
    {
        IExecutor executor = new ExecutorFactory(_device, kind).Create(Plan);
        executor.SetParameters([1, 0, 0, 0, 1, 0, 0, 0, 1]);
        return executor;
    }

    [Theory]
    [InlineData(ExecutorKind.Simd)]
    [InlineData(ExecutorKind.Kernels)]
    public void Samples_without_labels_are_predicted_and_nothing_else(ExecutorKind kind)
    {
        using IExecutor executor = Create(kind);
        var bytes = new Samples(new byte[] { 1, 2, 3, 6, 5, 4, 7, 7, 0 }, width: 3, scale: 0.5f, shift: -1);
        Assert.False(bytes.HasLabels);
        Assert.Equal([-0.5f, 0, 0.5f, 2, 1.5f, 1, 2.5f, 2.5f, -1], executor.Logits(bytes));
        Assert.Equal([2, 0, 0], executor.Predict(bytes));
        Assert.Equal([1], executor.Predict(new Samples(new[] { -3f, -1, -2 }, width: 3)));

        using IDeviceSamples uploaded = executor.Upload(bytes);
        using IDeviceActivations logits = executor.Activations(uploaded, layer: 0);
        Assert.All(
            new Action[]
            {
                () => executor.Evaluate(uploaded), () => executor.TrainEpoch(uploaded, 1),
                () => executor.ComputeGradients(uploaded),
                () => logits.CountCorrect([new Clamp(0, 1)]), () => Evaluation.Of(executor, bytes),
            },
            use => Assert.StartsWith("the samples have no labels: ", Assert.Throws<ArgumentException>(use).Message,
                StringComparison.Ordinal));
    }

    [Fact]
    public void A_trainer_needs_labels()
    {
        using IExecutor executor = Create();
        var (labelled, bare) = (new Samples(new float[3], new byte[1], width: 3), new Samples(new float[3], width: 3));
        foreach (var (train, test) in ((Samples, Samples)[])[(labelled, bare), (bare, labelled)])
        {
            Assert.StartsWith("the samples have no labels: ", Assert.Throws<ArgumentException>(
                () => new Trainer(executor, train, test, new TrainingOptions(), new TrainingState(0, new float[9]))).Message,
                    StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_network_is_trained_on_a_data_set()
    {
        Dataset digits = Dataset.ReadDigits();
        Assert.Equal(1797, digits.Train.Count + digits.Test.Count);
        var plan = NetworkPlan.Compile(PaperModels.Resolve("Abs", digits.Classes), digits.Train.PixelsPerImage, digits.Classes);
        using IExecutor executor = new ExecutorFactory(_device).Create(plan);
        using var trainer = new Trainer(
            executor, digits.TrainSamples(InputScaling.Standardized), digits.TestSamples(InputScaling.Standardized),
            new TrainingOptions { Epochs = 30, LearningRate = 0.1f }, new TrainingState(0, Initialisation.Draw(plan, seed: 1)));
        EpochRecord[] records = [.. trainer.Run()];
        Assert.InRange(records[0].TestAccuracy!.Value, 0, 30);
        Assert.InRange(records[^1].TestAccuracy!.Value, 70, 100);
    }

    public static TheoryData<string, Func<Samples>> Wrong() => new()
    {
        { "2 samples of 3 values need 6 values, found 5", () => new Samples(new float[5], new byte[2], 3) },
        { "2 samples of 3 values need 6 values, found 5", () => new Samples(new byte[5], 3) },
        { "there are no values; at least one sample is needed", () => new Samples(Array.Empty<float>(), 3) },
        { "there are no values; at least one sample is needed", () => new Samples((byte[])null!, 3) },
        { "there are no values; at least one sample is needed", () => new Samples((float[])null!, new byte[2], 3) },
        { "there are no labels; each sample needs one (Parameter 'labels')", () => new Samples(new float[3], null, 3) },
        { "value 2 of sample 1 is NaN; all values must be finite", () => new Samples(new[] { 1, 2, 3, 4, 5, float.NaN }, 3) },
        { "value 0 of sample 0 is ", () => new Samples(new[] { float.NegativeInfinity, 2, 3 }, new byte[1], 3) },
        { "scale NaN and shift 0: expected finite numbers", () => new Samples(new byte[3], 3, scale: float.NaN) },
        { "width ('0') must be greater than or equal to '1'", () => new Samples(new byte[3], 0) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Values_that_cannot_be_samples_are_refused_in_words(string message, Func<Samples> make) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

    [Fact]
    public void What_does_not_fit_the_network_is_refused_in_words()
    {
        using IExecutor executor = Create();
        Assert.Equal("samples of 2 values do not fit a network with 3 inputs", Assert.Throws<ArgumentException>(
            () => executor.Predict(new Samples(new float[4], width: 2))).Message);
        Assert.Equal("sample 1 has label 3, the network has 3 classes", Assert.Throws<ArgumentException>(
            () => executor.Upload(new Samples(new float[6], new byte[] { 0, 3 }, width: 3))).Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zoo:mine")]
    [InlineData("ZOO:Abs")]
    public void A_name_by_which_no_file_could_be_read_is_a_wrong_argument(string? path)
    {
        var samples = new Samples(new byte[] { 1, 2, 3 }, width: 3);
        Assert.Equal("path", Assert.ThrowsAny<ArgumentException>(
            () => SavedModel.Save(path!, Plan, Initialisation.Draw(Plan, seed: 4), samples)).ParamName);
        if (path is null)
            Assert.Throws<ArgumentNullException>(() => SavedModel.Load(path!));
    }

    [Fact]
    public void A_saved_network_says_what_it_is_and_how_its_input_is_scaled()
    {
        using var folder = new TemporaryFolder();
        var samples = new Samples(new byte[] { 1, 2, 3 }, width: 3, scale: 0.25f, shift: -1);
        float[] parameters = Initialisation.Draw(Plan, seed: 4);
        SavedModel.Save(folder["a"], Plan, parameters, samples);
        SavedModel saved = SavedModel.Load(folder["a"]);
        Assert.Equal("linear(3, bias: false)", $"{saved.Compile().Network}");
        Assert.Equal((0.25f, -1f), (saved.Describe()!.Scale, saved.Describe()!.Shift));
        Assert.Equal(parameters, saved.ParametersFor(saved.Compile()));
        Assert.StartsWith("8 parameters; \"linear(3, bias: false)\" has 9", Assert.Throws<ArgumentException>(
            () => SavedModel.Save(folder["b"], Plan, parameters.AsMemory(1), samples)).Message, StringComparison.Ordinal);
    }
}
