using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>y_j = sqrt(max(Σ_i a_ji (x_i − μ_ji)², 1e-12)), with a = α² in the paper's form and a = α in the author's.</summary>
internal sealed class ReferenceOffsetL2(PlannedLayer planned, OffsetL2Form form, double[] parameters) : ReferenceDense(planned)
{
    private const double SmallestSquare = 1e-12;

    private readonly ReferenceTensor _mu = new(planned, ParameterRole.Mu), _alpha = new(planned, ParameterRole.Alpha);

    private double Mu(int j, int i) => _mu.In(parameters, j, i);

    private double Alpha(int j, int i) => _alpha.In(parameters, j, i);

    private double A(int j, int i) => form == OffsetL2Form.Paper ? Alpha(j, i) * Alpha(j, i) : Alpha(j, i);

    private double SquaredDistance(int j, double[] x) => Sum(i => A(j, i) * Math.Pow(x[i] - Mu(j, i), 2));

    protected override double Output(int j, double[] x) => Math.Sqrt(Math.Max(SquaredDistance(j, x), SmallestSquare));

    protected override double Magnitude(int j, double[] x) =>
        Math.Sqrt(Sum(i => A(j, i) * Math.Pow(x[i] + Math.Abs(Mu(j, i)), 2)));

    protected override void Backward(int j, double[] x, double y, double dy, double[] dx, double[] gradients)
    {
        if (SquaredDistance(j, x) < SmallestSquare)
            return;
        for (int i = 0; i < Inputs; i++)
        {
            double d = x[i] - Mu(j, i), toInput = dy * A(j, i) * d / y;
            _mu.In(gradients, j, i) -= toInput;
            _alpha.In(gradients, j, i) += dy * (form == OffsetL2Form.Paper ? Alpha(j, i) : 0.5) * d * d / y;
            dx[i] += toInput;
        }
    }
}
