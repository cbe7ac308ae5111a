using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests;

/// <summary>The reference is worth something only if its gradients are those of its loss.</summary>
public class ReferenceExecutorTests
{
    public static TheoryData<string, OffsetL2Form> Models()
    {
        var data = new TheoryData<string, OffsetL2Form>();
        foreach (PaperModel model in PaperModels.All)
        {
            data.Add(model.Name, OffsetL2Form.Paper);
            if (model.Name.Contains("L2", StringComparison.Ordinal))
                data.Add(model.Name, OffsetL2Form.Reference);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_gradients_of_the_reference_are_the_differences_of_its_loss(string name, OffsetL2Form form)
    {
        NetworkPlan plan = NetworkPlan.Compile(PaperModels.Find(name)!.Create(classes: 3, form, hidden: 4), inputs: 5, classes: 3);
        using var executor = new ReferenceExecutor(plan);
        float[] parameters = Initialisation.Draw(plan, seed: 3);
        var samples = TestSamples.Random(count: 6, width: 5, classes: 3);
        using var uploaded = executor.Upload(samples);
        executor.SetParameters(parameters);
        executor.TrainEpoch(uploaded, learningRate: 0);
        float[] gradients = new float[plan.ParameterCount];
        executor.GetGradients(gradients);

        const float Step = 1e-3f;
        for (int i = 0; i < parameters.Length; i++)
        {
            double LossAt(float value)
            {
                float[] moved = [.. parameters];
                moved[i] = value;
                executor.SetParameters(moved);
                return executor.Evaluate(uploaded).Loss;
            }

            float above = parameters[i] + Step, below = parameters[i] - Step;
            double difference = (LossAt(above) - LossAt(below)) / ((double)above - below);
            Assert.True(Math.Abs(difference - gradients[i]) < 1e-4, $"parameter {i}: gradient {gradients[i]}, difference {difference}");
        }
    }
}
