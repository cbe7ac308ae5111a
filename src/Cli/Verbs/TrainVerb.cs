using System.Globalization;
using CommandLine;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using Spectre.Console;

namespace IlgpuDistance.Cli.Verbs;

[Verb("train", HelpText = "Train a network, and save it with its metrics.")]
internal sealed class TrainVerb : ComputeVerb
{
    [Option("model", Default = "Abs-L2-Neg", MetaValue = "MODEL",
        HelpText = "A name from the paper, e.g. ReLU2-Neg, or layers, e.g. \"linear(64) > abs > linear(10)\".")]
    public string Model { get; set; } = "";

    [Option("input-scale", Default = InputScaling.Raw, HelpText = "What the network sees of a pixel; raw is what the published figures came from.")]
    public InputScaling InputScale { get; set; }

    [Option("epochs", Default = 500, MetaValue = "N", HelpText = "Epochs; the paper trains 5000 and 50000. 0 only evaluates the untrained network.")]
    public int Epochs { get; set; }

    [Option("lr", Default = 0.001f, MetaValue = "RATE", HelpText = "Learning rate of plain SGD.")]
    public float LearningRate { get; set; }

    [Option("batch-size", Default = "full", MetaValue = "full|N", HelpText = "Samples per step; full means one step per epoch over all of them.")]
    public string BatchSize { get; set; } = "";

    [Option("seed", Default = 0L, MetaValue = "N", HelpText = "Seed of the initial weights and of the batches, a 64-bit number.")]
    public long Seed { get; set; }

    [Option("init", MetaValue = "FILE", HelpText = "Begin with the parameters of this safetensors file instead of random ones.")]
    public string? Init { get; set; }

    [Option("out", MetaValue = "FOLDER", HelpText = "Write run.json, metrics.csv and model.safetensors to this folder. Default: write nothing.")]
    public string? Out { get; set; }

    [Option("force", HelpText = "Replace a run that is in the folder of --out.")]
    public bool Force { get; set; }

    [Option("eval-every", Default = 1, MetaValue = "N", HelpText = "Evaluate the test images every N epochs, and after the last.")]
    public int EvaluateEvery { get; set; }

    [Option("quiet", HelpText = "Print the last line only.")]
    public bool Quiet { get; set; }

    public override int Run()
    {
        TrainingOptions options = ReadOptions();
        // Before the data, which may be a download, and before the training, whose result would have no place.
        options.Check();
        if (Out is not null)
            RunFolder.CheckFree(Out, Force);

        var (data, device) = LoadDatasetAndOpenDevice(Quiet);
        using ComputeDevice opened = device;
        Dataset dataset = data.Dataset;
        options.Check(dataset.Train.Count);
        var network = PaperModels.Resolve(Model, dataset.Classes, OffsetL2Form);
        var plan = NetworkPlan.Compile(network, dataset.Train.PixelsPerImage, dataset.Classes);
        float[] parameters = Init is null ? Initialisation.Draw(plan, Seed) : SavedModel.Load(Init).ParametersFor(plan);
        Samples train = dataset.TrainSamples(InputScale), test = dataset.TestSamples(InputScale);

        using IExecutor executor = device.CreateExecutor(plan);
        using var trainer = new Trainer(executor, train, test, options, new TrainingState(0, parameters));
        using RunFolder? folder = Out is null ? null : RunFolder.Begin(Out, Force, Describe(plan, data, train, device));
        if (!Quiet)
            PrintHeading(plan, data, device);
        // Listens until everything is saved: one Ctrl-C can arrive twice, the second time when the last epoch is over.
        using var interruption = new Interruption();
        Train(trainer, folder, interruption.Token);
        try
        {
            folder?.Complete(trainer, plan, DescribeModel(plan, dataset, train));
        }
        finally
        {
            // Whoever waited for the figures gets them even if the disk is full.
            PrintEnd(trainer);
        }
        return trainer.Outcome switch
        {
            TrainingOutcome.Completed => 0,
            TrainingOutcome.Interrupted => Interruption.ExitCode,
            _ => 1,
        };
    }

    private TrainingOptions ReadOptions()
    {
        int batchSize = TrainingOptions.FullBatch;
        if (!BatchSize.Equals("full", StringComparison.OrdinalIgnoreCase) &&
            !int.TryParse(BatchSize, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out batchSize))
        {
            throw new InputException($"--batch-size {BatchSize}: expected full or a whole number");
        }
        return new TrainingOptions
        {
            Epochs = Epochs,
            LearningRate = LearningRate,
            BatchSize = batchSize,
            Seed = Seed,
            EvaluateEvery = EvaluateEvery,
        };
    }

    private void Train(Trainer trainer, RunFolder? folder, CancellationToken cancellation)
    {
        using CancellationTokenRegistration notice = cancellation.Register(() =>
        {
            if (!Quiet && Terminal.Output.Profile.Out.IsTerminal)
            {
                // The blanks cover what the live table had in this line.
                Terminal.Output.WriteLine("Ends after this epoch; Ctrl-C again ends at once.".PadRight(Terminal.Output.Profile.Width - 1));
            }
        });
        IEnumerable<EpochRecord> records = trainer.Run(cancellation).Select(record =>
        {
            folder?.Append(record);
            return record;
        });
        if (Quiet)
            foreach (EpochRecord _ in records) { }
        else
            new TrainingDisplay(Epochs).Show(records);
    }

    private void PrintHeading(NetworkPlan plan, ResolvedDataset data, ComputeDevice device)
    {
        Terminal.Output.WriteLine($"{plan.Network}: {plan.ParameterCount:N0} parameters, {(Init is null ? $"drawn with seed {Seed}" : $"from {Init}")}");
        Terminal.Output.WriteLine($"{data.Source}; {Lower(InputScale)} pixels");
        string threads = device.Kind == DeviceKind.Cpu ? $", {device.Threads} {(device.Threads == 1 ? "thread" : "threads")}" : "";
        Terminal.Output.WriteLine($"{device.Name} ({device.Selector}), {Lower(device.Executor)} executor{threads}");
        Terminal.Output.WriteLine($"{InEpochs(Epochs)}, batch size {BatchSize.ToLowerInvariant()}, learning rate {LearningRate}");
    }

    private void PrintEnd(Trainer trainer)
    {
        string saved = Out is null ? "nothing was saved" : $"see {Out}";
        EpochRecord last = trainer.Last!;
        if (trainer.Outcome == TrainingOutcome.Diverged)
        {
            string advice = InputScale == InputScaling.Raw ? "try a smaller --lr, or --input-scale unit" : "try a smaller --lr";
            Console.Error.WriteLine($"error: the training diverged: {trainer.Divergence}; {advice}; {saved}");
            return;
        }
        if (trainer.Outcome == TrainingOutcome.Interrupted)
            Console.Error.WriteLine($"interrupted after epoch {last.Epoch} of {Epochs}; {saved}");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"train {last.TrainAccuracy:0.00} %  test {last.TestAccuracy:0.00} %  loss {last.Loss:0.0000}  {InEpochs(last.Epoch)} in {trainer.Seconds:0.0} s"));
    }

    private static string InEpochs(int count) => count == 1 ? "1 epoch" : $"{count} epochs";

    private ModelDescription DescribeModel(NetworkPlan plan, Dataset dataset, Samples train) => new()
    {
        Model = plan.Network.ToString(),
        Inputs = plan.Inputs,
        Classes = plan.Classes,
        DataSet = dataset.Name,
        InputScale = Lower(InputScale),
        Scale = train.Scale,
        Shift = train.Shift,
    };

    private RunDescription Describe(NetworkPlan plan, ResolvedDataset data, Samples train, ComputeDevice device) => new()
    {
        Model = plan.Network.ToString(),
        Parameters = plan.ParameterCount,
        Options = OptionValues(),
        Data = RunData.Of(data.Dataset, train),
        Device = new RunDevice(
            device.Name, device.Selector, Lower(device.Kind), device.Executor, device.Kind == DeviceKind.Cpu ? device.Threads : null),
    };
}
